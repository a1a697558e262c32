// Sends with nodemailer: HOST PORT ENCRYPTION USER PASSWORD SENDER RAW_FILE TO CC BCC
//
// Two mails over one transport: one that nodemailer composes, one that is in RAW_FILE.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
// Installed by scripts/test, outside of the source.
const nodemailer = require(path.join(process.env.NODE_CLIENTS, "node_modules", "nodemailer"));

async function main() {
    const [host, port, encryption, user, pass, from, file, to, cc, bcc] = process.argv.slice(2);
    const transport = nodemailer.createTransport({
        host,
        port: Number(port),
        secure: encryption === "implicit",
        requireTLS: encryption === "starttls",
        tls: { rejectUnauthorized: false },
        auth: { user, pass },
        pool: true,
        maxConnections: 1,
    });
    await transport.verify();
    const composed = await transport.sendMail({
        from: { name: "Scanner @ floor 3", address: from },
        to,
        cc,
        bcc,
        subject: "Grüße vom Scanner",
        messageId: "<composed@nodemailer.example>",
        text: ".\n..two dots\n" + "long ".repeat(300) + "\nÄpfel\n.\n",
        html: "<p>Äpfel</p>",
        attachments: [
            { filename: "scan.bin", content: Buffer.from(Array.from({ length: 1024 }, (_, n) => n % 256)) },
        ],
    });
    const raw = await transport.sendMail({
        envelope: { from, to: [to, cc, bcc] },
        raw: fs.readFileSync(file),
    });
    for (const info of [composed, raw]) {
        if (info.rejected.length > 0 || info.accepted.length !== 3) {
            throw new Error(JSON.stringify(info));
        }
    }
    transport.close();
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
