"""A submission server made of aiosmtpd: FOLDER CHAIN PASSWORD USER MECHANISM [--size N] [--smtputf8]

Demands STARTTLS and the sign-in by that mechanism; PASSWORD is a file. Prints its port. Keeps each mail as NUMBER.eml in
FOLDER, with what came along as NUMBER.json. Knows nobody@*, and makes grey@* wait once.
"""

import argparse
import asyncio
import json
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Server(SMTP):
    """Notes whether commands came in groups, which aiosmtpd does not offer (RFC 2920)."""

    said = ""
    pipelined = False

    async def push(self, status):
        self.said = status if isinstance(status, str) else status.decode()
        await super().push(status)

    def data_received(self, data):
        if not self.said.startswith("354") and data.count(b"\r\n") > 1:
            self.pipelined = True
        super().data_received(data)


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.greyed = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody@"):
            return "550 5.1.1 Nobody of that name here"
        if address.startswith("grey@") and address not in self.greyed:
            self.greyed.add(address)
            return "450 4.2.0 Greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        file = self.folder / f"{self.count}.eml"
        file.write_bytes(envelope.content)
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "user": session.auth_data,
            "tls": session.ssl is not None,
            "helo": session.host_name,
            "pipelined": server.pipelined,
        }
        # Complete when it has its name.
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(about))
        draft.rename(file.with_suffix(".json"))
        return "250 2.0.0 Taken"


def authenticator(user, file):
    def judge(server, session, envelope, mechanism, data):
        password = pathlib.Path(file).read_bytes()
        good = (data.login, data.password) == (user.encode(), password)
        return AuthResult(success=good, handled=False, auth_data=user)

    return judge


async def main():
    parser = argparse.ArgumentParser()
    for name in ["folder", "chain", "password", "user", "mechanism"]:
        parser.add_argument(name)
    parser.add_argument("--size", type=int, default=33554432)
    parser.add_argument("--smtputf8", action="store_true")
    arguments = parser.parse_args()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(arguments.chain)
    handler = Handler(pathlib.Path(arguments.folder))
    others = {"PLAIN", "LOGIN"} - {arguments.mechanism}

    def session():
        return Server(
            handler,
            data_size_limit=arguments.size,
            enable_SMTPUTF8=arguments.smtputf8,
            hostname="foreign.example",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            auth_exclude_mechanism=others,
            authenticator=authenticator(arguments.user, arguments.password),
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
