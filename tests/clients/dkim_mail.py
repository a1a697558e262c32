"""Signs a mail, or checks its signature, with dkimpy: nothing of it is relayd's.

dkim_mail.py sign ALGORITHM CANONICALIZATION KEY     mail on stdin, signed mail on stdout
dkim_mail.py verify ALGORITHM PUBLIC_KEY             mail on stdin, exit code 0 when it verifies

KEY and PUBLIC_KEY are files in DER; ALGORITHM is rsa-sha256 or ed25519-sha256.
"""

import base64
import subprocess
import sys

import dkim

FIELDS = [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]


def private_key(algorithm, path):
    if algorithm == "ed25519-sha256":
        # PKCS #8 of an Ed25519 key ends with the 32 bytes of its seed (RFC 8410).
        return base64.b64encode(open(path, "rb").read()[-32:])
    command = ["openssl", "rsa", "-inform", "DER", "-in", path, "-traditional"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def record(algorithm, path):
    key = open(path, "rb").read()
    if algorithm == "ed25519-sha256":
        return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(key[-32:])
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(key)


def main():
    mail = sys.stdin.buffer.read()
    if sys.argv[1] == "sign":
        algorithm, canonicalization, key = sys.argv[2:]
        signature = dkim.sign(
            mail,
            b"test",
            b"acme.example",
            private_key(algorithm, key),
            canonicalize=tuple(canonicalization.encode().split(b"/")),
            signature_algorithm=algorithm.encode(),
            include_headers=FIELDS,
        )
        sys.stdout.buffer.write(signature + mail)
        return
    algorithm, key = sys.argv[2:]
    answer = record(algorithm, key)
    verified = dkim.verify(mail, dnsfunc=lambda name, timeout=5: answer)
    sys.exit(0 if verified else 1)


main()
