"""Verifies a client assertion with PyJWT; the question comes as JSON on stdin."""

import base64
import hashlib
import json
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

question = json.load(sys.stdin)
certificate = x509.load_pem_x509_certificate(question["certificate"].encode())
assertion = question["assertion"]

digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
header = jwt.get_unverified_header(assertion)
assert header == {"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint}, header

claims = jwt.decode(
    assertion,
    certificate.public_key(),
    algorithms=["PS256"],
    audience=question["audience"],
    options={"require": ["aud", "exp", "iss", "jti", "nbf", "sub"]},
)
assert claims["iss"] == claims["sub"], claims
assert 300 <= claims["exp"] - claims["nbf"] <= 600, claims
json.dump(claims, sys.stdout)
