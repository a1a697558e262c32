"""Sends a mail with aiosmtplib: HOST PORT ENCRYPTION USER PASSWORD SENDER FILE RECIPIENT..."""

import asyncio
import ssl
import sys

import aiosmtplib


async def main():
    host, port, encryption, user, password, sender, file, *recipients = sys.argv[1:]
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    errors, _reply = await aiosmtplib.send(
        open(file, "rb").read(),
        sender=sender,
        recipients=recipients,
        hostname=host,
        port=int(port),
        username=user,
        password=password,
        start_tls=encryption == "starttls",
        use_tls=encryption == "implicit",
        tls_context=context,
        mail_options=["BODY=8BITMIME"],
    )
    assert errors == {}, errors


asyncio.run(main())
