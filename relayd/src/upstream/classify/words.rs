//! Causes and remedies in plain words. `{mailbox}`, `{sender}` and `{server}` are filled in from the
//! route and the mail.

/// What stands behind a reply, and what mends it.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) cause: &'static str,
    pub(super) remedy: &'static str,
}

macro_rules! words {
    ($($name:ident: $cause:literal => $remedy:literal;)+) => {
        $(pub(super) static $name: Words = Words { cause: $cause, remedy: $remedy };)+
    };
}

words! {
    // Slower, or elsewhere.
    CONCURRENCY: "The mailbox {mailbox} has more connections open than Exchange Online allows; other programs that send as it count, too"
        => "nothing: relayd goes on with fewer connections by itself; if it stays, lower --connections of relayctl route set, or give the other programs a mailbox of their own";
    NOT_ACTIVE: "{server} is being serviced and takes no mail just now"
        => "nothing: it is tried again by itself; a second route (relayctl route set --fallback) carries the mail meanwhile";
    ADDRESS_THROTTLED: "{server} throttles the public address of this machine, whatever the mail"
        => "let Exchange know the address by a connector (Exchange admin center, Mail flow, Connectors; relayctl route show prints the PowerShell), and check that it is on no blocklist";
    RECIPIENT_THROTTLED: "The receiving mailbox has had all the mail that Exchange Online lets in within an hour (3,600 messages, a third of it from one sender)"
        => "nothing: mail for this recipient goes on in an hour; send fewer mails to it, or to a group of several mailboxes";

    // Limits.
    RECIPIENTS_A_DAY: "The mailbox {mailbox} has reached its 10,000 recipients in 24 hours"
        => "wait: room comes back within 24 hours; for more, send by a connector or High Volume Email (relayctl route set --kind connector)";
    SENT_ITEMS_FULL: "The mailbox {mailbox} is full, and Exchange Online keeps a copy of each mail in its Sent Items"
        => "empty Sent Items of {mailbox}, or Set-Mailbox -Identity {mailbox} -ProhibitSendQuota 49.5GB -ProhibitSendReceiveQuota 50GB; then relayctl queue release --lane";
    TENANT_A_DAY: "The tenant has reached its limit of external recipients in 24 hours, which grows with its licences"
        => "wait: room comes back within 24 hours; Exchange admin center, Reports, Mail flow, Tenant outbound external recipients shows the use; bulk mail belongs on Azure Communication Services";
    BARRED_FULL: "Exchange Online has barred the mailbox {mailbox}, because too many of its mails failed with a full mailbox"
        => "empty the mailbox {mailbox} and its Sent Items; the bar ends by itself some time after the errors end";
    BARRED_SEND_AS: "Exchange Online has barred the mailbox {mailbox}, because it tried too often to send as somebody else"
        => "Add-RecipientPermission -Identity {sender} -Trustee {mailbox} -AccessRights SendAs, or let the device send as {mailbox}; the bar ends by itself some time after the errors end";
    BARRED_LICENCE: "Exchange Online has barred the mailbox {mailbox}, because it has no licence that allows sending"
        => "give {mailbox} an Exchange Online licence (Microsoft 365 admin center, Users, Active users); the bar ends by itself some time after the errors end";
    BARRED_TOO_MANY: "Exchange Online has barred the mailbox {mailbox}, because too many of its mails had too many recipients"
        => "relayctl route set --recipients-per-mail N below the limit of the mailbox, or Set-Mailbox -Identity {mailbox} -RecipientLimits 500; the bar ends by itself some time after the errors end";
    BARRED_INVALID: "Exchange Online has barred the mailbox {mailbox}, because too many of its recipients do not exist"
        => "correct the addresses that relayctl log search --state failed shows; the bar ends by itself some time after the errors end";

    // Senders.
    SEND_AS_DENIED: "{mailbox} may not send as {sender}"
        => "Add-RecipientPermission -Identity {sender} -Trustee {mailbox} -AccessRights SendAs; or use {mailbox} as the sender (relayctl user edit NAME --other-sender rewrite)";
    DOMAIN_NOT_ACCEPTED: "The domain of {sender} is not an accepted domain of the tenant that the connector belongs to"
        => "add it in the Microsoft 365 admin center (Settings, Domains), or New-AcceptedDomain -Name DOMAIN -DomainName DOMAIN; or send with an accepted domain; then relayctl queue release --lane";

    // Credentials and set-up.
    TOKEN_ENDS: "{server} did not take the token, because it ends soon or has ended"
        => "nothing: the next connection gets a fresh token; if it stays, check the clock of this machine and relayctl route check";
    SMTP_AUTH_TENANT: "SMTP AUTH is switched off for the whole tenant"
        => "switch it on for this mailbox alone, which counts more than the tenant: Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false; then relayctl route check";
    SMTP_AUTH_MAILBOX: "SMTP AUTH is switched off for the mailbox {mailbox}"
        => "Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false ($true switches it off, $null takes what the tenant says); then relayctl route check";
    BASIC_AUTH: "Sign-in with a password is switched off; OAuth works on"
        => "use OAuth: relayctl route set --kind smtp-oauth; while Microsoft still allows it, a policy may switch passwords on for one mailbox: New-AuthenticationPolicy -Name relay -AllowBasicAuthSmtp, then Set-User -Identity {mailbox} -AuthenticationPolicy relay";
    SECURITY_DEFAULTS: "The security defaults of the tenant forbid sign-in with a password"
        => "use OAuth: relayctl route set --kind smtp-oauth; or switch security defaults off (Entra admin center, Overview, Properties) and use Conditional Access instead";
    CRITERIA: "A policy of the tenant refuses this sign-in, or the user name, password or mailbox is wrong"
        => "Entra admin center, Users, {mailbox}, Sign-in logs says which policy; then relayctl route check";
    NOT_SIGNED_IN: "{server} takes mail only after a sign-in, or lets this address send only by a connector"
        => "for SMTP AUTH give mailbox and password or OAuth by relayctl route set; for a connector compare its addresses and certificate with relayctl route show";
    XOAUTH2: "{server} cannot use the token: it is for another audience or mailbox, or has ended"
        => "check the app permission SMTP.SendAsApp with admin consent, and New-ServicePrincipal with the object id of the enterprise application; then relayctl route check";
    MECHANISM: "{server} does not offer this way to sign in; Exchange Online knows LOGIN and XOAUTH2, not PLAIN"
        => "relayctl route check shows what is offered; for Microsoft 365 use --kind smtp-oauth";
    SIGN_IN: "{server} refused the sign-in of {mailbox}: wrong user name or password, a password with a second factor, or a token without permission on the mailbox"
        => "relayctl route set with the right credentials, then relayctl route check; for OAuth: Add-MailboxPermission -Identity {mailbox} -User SERVICE-PRINCIPAL -AccessRights FullAccess; for Azure Communication Services the user name is RESOURCE|APPLICATION-ID|TENANT-ID";
    MAILBOX_PERMISSION: "The application or user that signed in has no right on the mailbox {mailbox}, though the reply calls itself temporary"
        => "Add-MailboxPermission -Identity {mailbox} -User SERVICE-PRINCIPAL -AccessRights FullAccess; it takes up to an hour to count; then relayctl queue release --lane";
    REGION: "The mail went to {server}, which serves another region than the tenant"
        => "use the MX of an accepted domain of the tenant: relayctl route set --kind connector --mx-of DOMAIN";
    CONNECTOR_UNKNOWN: "No connector of the tenant matches: the address or the certificate is another, or the certificate came without its intermediates"
        => "Get-InboundConnector | fl Name,Enabled,SenderIPAddresses,TlsSenderCertificateName and compare with relayctl route show, which prints the right PowerShell; then relayctl queue release --lane";
    CONNECTOR_BAD: "Microsoft has blocked the connector, since it may be misused"
        => "Microsoft 365 Defender, Restricted entities: unblock the connector once it is safe; then relayctl queue release --lane";
    DIRECT_SEND: "The mail came without a connector, and the tenant refuses such mail (Direct Send)"
        => "make a connector (relayctl route show prints the PowerShell), or Set-OrganizationConfig -RejectDirectSend $false; then relayctl queue release --lane";
    SENDER_BLOCKED: "Microsoft has blocked {mailbox} from sending, since it may have been misused for spam"
        => "Microsoft 365 Defender, Email & collaboration, Review, Restricted entities: unblock {mailbox} once it is safe; then relayctl queue release --lane";
    TENANT_BLOCKED: "Microsoft has blocked the tenant from sending, since much of its mail looked like spam or its domain is new"
        => "find what sends (Microsoft 365 Defender, Message trace), then ask Microsoft Support to lift it; then relayctl queue release --lane";
    ADDRESS_REFUSED: "Microsoft takes no mail from the address of this tenant or machine, as for tenants on trial"
        => "ask Microsoft Support, or send from an address with a good name; then relayctl queue release --lane";
    ADDRESS_BANNED: "Microsoft has banned the public address of this machine"
        => "ask for its release at https://sender.office.com, or send by another address; then relayctl queue release --lane";
    SENDER_BANNED: "Microsoft has banned the sender, since its mail looked like spam"
        => "Microsoft 365 Defender, Restricted entities: look for {mailbox} and {sender}; then relayctl queue release --lane";

    // Message and recipient.
    NO_SUCH_RECIPIENT: "The recipient does not exist"
        => "check the address; in the own tenant: Get-Recipient ADDRESS";
    RECIPIENT_DENIED: "The server of the recipient does not know the address, or takes no mail for its domain"
        => "check the address and its domain; for an own domain look at its type: Get-AcceptedDomain (Authoritative refuses what it does not know)";
    INTERNAL_ONLY: "High Volume Email carries mail to recipients of the own tenant only"
        => "send mail for others by another route: relayctl route set --kind smtp-oauth, graph or connector";
    RECIPIENT_RESTRICTED: "The recipient takes mail only from some senders, and {sender} is none of them"
        => "Set-DistributionGroup -Identity GROUP -RequireSenderAuthenticationEnabled $false or -AcceptMessagesOnlyFromSendersOrMembers @{Add='{sender}'}; Set-Mailbox has the same for a mailbox";
    RECIPIENT_DISABLED: "The mailbox of the recipient is switched off"
        => "ask its owner, or use another address";
    RECIPIENT_FULL: "The mailbox of the recipient is full"
        => "ask its owner to make room";
    TOO_LARGE: "The mail is larger than the mailbox or the server takes; attachments grow by a third on the way"
        => "send smaller attachments, or Set-Mailbox -Identity {mailbox} -MaxSendSize 150MB";
    BARE_LINE_FEED: "The mail holds line feeds without carriage returns, which the server of the recipient refuses"
        => "let the application end every line with CRLF";
    NO_FROM: "The mail has no From header with one readable address"
        => "let the device send a From header such as {sender}";
    TOO_MANY_RECIPIENTS: "The mail has more recipients than {server} takes at a time"
        => "relayctl route set --recipients-per-mail N lets relayd split it; Set-Mailbox -Identity {mailbox} -RecipientLimits 500 raises the limit";

    // Passing faults.
    SERVER_FAULT: "A fault inside {server} that passes"
        => "nothing: it is tried again by itself; the Microsoft 365 admin center, Health, Service health, shows outages";
    SIGN_IN_FAULT: "{server} could not check the sign-in just now"
        => "nothing: it is tried again by itself";
    TIMED_OUT: "The connection to {server} was cut or became silent"
        => "nothing: it is tried again by itself; if it stays, look for a firewall that inspects SMTP";
    UNKNOWN_OUTCOME: "The whole mail was handed to {server}, and the connection ended before its answer: it may have been taken, or not"
        => "look into Sent Items of {mailbox} or the message trace of the tenant; relayctl route set --unknown-outcome retry|hold says what relayd does";
}
