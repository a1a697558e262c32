//! The table of reasons: every refusal and failure that relayd tells of, as plain data.
//!
//! It stands here since both sides need it: relayd makes its replies of it, and
//! `relayctl help error` explains a code even where no relayd answers. Columns: name, code, SMTP
//! reply, HTTP status, sentence, remedy. A code never changes its meaning.

use crate::ReasonInfo;

/// Hands the table to the macro `$rows`.
#[macro_export]
macro_rules! reason_table {
    ($rows:ident) => {
        $rows! {
            // Signing in.
            CredentialsRejected "credentials-rejected" smtp(535 5 7 8) http(401)
                "User name or password is wrong" => "check both in the device; a lost password is replaced by relayctl user rotate-password";
            AuthRequired "auth-required" smtp(530 5 7 0) http(401)
                "Sign-in is required before mail is taken" => "set user name and password in the device, and STARTTLS or TLS";
            TlsRequired "tls-required" smtp(538 5 7 11) http()
                "Sign-in is taken over an encrypted connection only" => "switch on STARTTLS or TLS in the device, or name its network in plaintext_auth_networks of the listener";
            AuthThrottled "auth-throttled" smtp(454 4 7 0) http(429)
                "Too many failed sign-ins" => "correct the password and wait a few minutes";
            AddressBanned "address-banned" smtp(421 4 7 0) http()
                "Passwords were guessed from this address, and it is banned for a while" => "correct the password in the device, then wait or relayctl limits reset --scope ip ADDRESS";
            UserSuspended "user-suspended" smtp(535 5 7 8) http(403)
                "This relay user is suspended" => "relayctl user resume";
            AddressNotRegistered "address-not-registered" smtp(550 5 7 1) http()
                "This address is not registered for the relay user" => "relayctl system add NAME --address ADDRESS --user USER";
            SystemSuspended "system-suspended" smtp(550 5 7 1) http()
                "This system is suspended" => "relayctl system edit NAME --state active";
            AccountNotActive "account-not-active" smtp(550 5 7 1) http(403)
                "The account is not active" => "relayctl account show says what is missing; a suspended account goes on by relayctl account resume";
            NoSubscription "no-subscription" smtp(550 5 7 1) http(409)
                "The account has no active subscription" => "relayctl subscription start --plan NAME";
            RouteNotReady "route-not-ready" smtp(451 4 3 5) http(409)
                "The account has no checked route for its mail" => "relayctl route set, then relayctl route check";

            // Envelope and message.
            SenderNotAllowed "sender-not-allowed" smtp(550 5 7 1) http()
                "The relay user may not send as this address" => "use its sender address, or relayctl user edit NAME --allow-sender ADDRESS";
            FromNotAllowed "from-not-allowed" smtp(550 5 7 1) http()
                "The relay user may not send with this From header" => "use its sender address in From, or relayctl user edit NAME --allow-sender ADDRESS";
            DomainNotVerified "domain-not-verified" smtp(550 5 7 1) http(409)
                "The domain of the sender address is not proven to be the account's" => "relayctl domain add DOMAIN shows the TXT record to publish; then relayctl domain verify DOMAIN";
            FromMalformed "from-malformed" smtp(550 5 6 0) http()
                "The From header of the message cannot be read" => "send exactly one From header with one address";
            InvalidAddress "invalid-address" smtp(501 5 1 3) http(422)
                "That is not a mail address" => "write it as name@domain";
            InvalidSender "invalid-sender" smtp(501 5 1 7) http()
                "That is not a sender address" => "write it as <name@domain>";
            TooManyRecipients "too-many-recipients" smtp(452 4 5 3) http()
                "The message has more recipients than allowed" => "send the rest in another message";
            MessageTooLarge "message-too-large" smtp(552 5 3 4) http(413)
                "The message is larger than allowed" => "send smaller attachments; relayctl limits show tells the limits";
            RateExceeded "rate-exceeded" smtp(450 4 7 1) http(429)
                "Messages come faster than the limit allows" => "wait a minute; relayctl limits show tells the limits";
            QuotaExceeded "quota-exceeded" smtp(452 4 7 1) http(429)
                "The quota of today is used up" => "it is renewed at midnight UTC; relayctl limits show tells the use";
            MailLoop "mail-loop" smtp(554 5 4 6) http()
                "The message went through too many servers" => "look for a forwarding loop";
            BareLineEnding "bare-line-ending" smtp(550 5 6 11) http()
                "The message holds a CR or LF that is not part of CRLF" => "let the application end every line with CRLF";
            HeaderTooLarge "header-too-large" smtp(552 5 3 4) http()
                "The header of the message is too large" => "send fewer or shorter header fields";
            UnsupportedContent "unsupported-content" smtp(554 5 6 1) http()
                "The message holds content that cannot be handed on" => "send it as 7bit or 8bit text without NUL characters";

            // Protocol.
            SyntaxError "syntax-error" smtp(500 5 5 2) http()
                "The command is not understood" => "check that the device speaks SMTP on this port";
            BadParameter "bad-parameter" smtp(501 5 5 4) http()
                "A parameter of the command is not valid" => "see RFC 5321";
            UnknownParameter "unknown-parameter" smtp(555 5 5 4) http()
                "A parameter of the command is not known" => "use those that EHLO offers";
            BadSequence "bad-sequence" smtp(503 5 5 1) http()
                "The command does not fit here" => "the order is EHLO, STARTTLS, EHLO, AUTH, MAIL, RCPT, DATA";
            LineTooLong "line-too-long" smtp(500 5 5 6) http()
                "The command line is too long" => "commands have at most 512 octets, with room for parameters";
            PipelinedTls "pipelined-tls" smtp(554 5 5 0) http()
                "Commands were sent together with STARTTLS" => "wait for the reply to STARTTLS before anything else";
            TlsOnPlainPort "tls-on-plain-port" smtp(554 5 5 0) http()
                "The device speaks TLS from the first byte, which this port does not" => "use port 465 in the device, or set it to STARTTLS";
            TlsExpected "tls-expected" smtp(554 5 7 0) http()
                "This port speaks TLS from the first byte, which the device does not" => "set the device to TLS (not STARTTLS), or use port 587";
            TlsTooOld "tls-too-old" smtp(554 5 7 0) http()
                "The device knows no TLS 1.2" => "update the device, or name its network in plaintext_auth_networks of the listener";
            ProxyHeader "proxy-header" smtp(554 5 5 0) http()
                "The proxy did not say whose connection this is" => "switch on the PROXY protocol in the proxy, or take it out of proxy_networks of the listener";
            UnsupportedMechanism "unsupported-mechanism" smtp(504 5 5 4) http()
                "This sign-in mechanism is not offered" => "use PLAIN or LOGIN";
            AuthCancelled "auth-cancelled" smtp(501 5 7 0) http()
                "The sign-in was cancelled or cannot be read" => "a device that gave up says why in its own log; otherwise it must send valid base64";
            TooManyErrors "too-many-errors" smtp(421 4 7 0) http()
                "Too many errors in this session" => "correct the settings of the device";
            TooManyConnections "too-many-connections" smtp(421 4 7 0) http()
                "Too many connections" => "close idle connections, or try again later";
            Timeout "timeout" smtp(421 4 4 2) http()
                "The session was idle or too slow" => "connect again";
            ShuttingDown "shutting-down" smtp(421 4 3 2) http(503)
                "The service is restarting" => "try again in a minute";
            NotImplemented "not-implemented" smtp(502 5 5 1) http()
                "The command is not offered" => "use the commands that HELP lists";

            // The relay itself.
            StoreUnavailable "store-unavailable" smtp(451 4 3 0) http(503)
                "The mail cannot be made safe on disk just now" => "try again later; the operator finds the cause in the log of relayd";
            DiskFull "disk-full" smtp(452 4 3 1) http(507)
                "The disk of the relay is full" => "try again later; the operator must free space";
            Internal "internal" smtp(451 4 3 0) http(500)
                "The relay met an unexpected fault" => "try again; the operator finds the cause in the log under the request id";

            // The other side.
            RouteUnreachable "route-unreachable" smtp() http(502)
                "The server of the route cannot be reached" => "check name, port and firewall, then relayctl route check";
            RouteTlsFailed "route-tls-failed" smtp() http(502)
                "The connection to the server of the route cannot be encrypted" => "check its certificate and name; --server-ca of relayctl route set trusts a private authority";
            RouteCredentialsRejected "route-credentials-rejected" smtp() http(502)
                "The server of the route refused the sign-in" => "give the right mailbox and password by relayctl route set";
            RouteBasicAuthDisabled "route-basic-auth-disabled" smtp() http(502)
                "Sign-in with a password is switched off for this tenant or mailbox" => "switch SMTP AUTH on for the mailbox (Set-CASMailbox -SmtpClientAuthenticationDisabled $false), or ask for a connector";
            RouteMisconfigured "route-misconfigured" smtp() http(502)
                "The server of the route refuses mail because of how it is set up" => "the literal reply names the setting; then relayctl queue release --lane";
            RouteQuota "route-quota" smtp() http(502)
                "A sending limit of the other side is used up" => "delivery goes on by itself when the limit is renewed";
            RouteThrottled "route-throttled" smtp() http(502)
                "The other side asks to slow down" => "delivery goes on by itself";
            RemoteTemporary "remote-temporary" smtp() http(502)
                "The other side could not take the mail just now" => "delivery is tried again by itself";
            RemoteRefused "remote-refused" smtp() http(502)
                "The other side refused the mail for good" => "the literal reply says why";
            SendAsDenied "send-as-denied" smtp() http(502)
                "The mailbox may not send as this sender" => "grant Send As to the mailbox in Exchange, or use its own address as sender";
            SenderDomainNotAccepted "sender-domain-not-accepted" smtp() http(502)
                "The tenant behind the route does not accept the domain of this sender" => "add the domain to the tenant (Microsoft 365 admin center, Settings, Domains), or send with another; then relayctl queue release --lane";
            SenderBreaker "sender-breaker" smtp() http(502)
                "The mail of this sender was refused again and again, and waits so that Microsoft does not bar the mailbox" => "mend what the last reply names; then relayctl queue release --lane";
            OutcomeUnknown "outcome-unknown" smtp() http(502)
                "The mail was handed over, and nobody can tell whether it was taken" => "look into Sent Items or the message trace; then relayctl queue release ID to send it again, or relayctl queue cancel ID";
            RecipientRefused "recipient-refused" smtp() http(502)
                "The other side does not take mail for this recipient" => "check the address";
            Expired "expired" smtp() http()
                "The mail could not be handed over within the time the queue allows" => "see the earlier attempts in relayctl log trace";
            HeldByOperator "held-by-operator" smtp() http()
                "A person stopped the delivery" => "relayctl queue release ID, or --lane for a whole lane";

            // The API.
            NotSignedIn "not-signed-in" smtp() http(401)
                "The request carries no valid token" => "relayctl auth login, or set RELAYCTL_TOKEN; on the relayd machine the Unix socket needs none";
            Forbidden "forbidden" smtp() http(403)
                "The token may not do this" => "use a token with more rights";
            SignInRejected "sign-in-rejected" smtp() http(401)
                "E-mail, password or code is wrong" => "check them; a forgotten password is replaced by relayctl auth reset-password, a lost second factor by a recovery code or the operator";
            TotpRequired "totp-required" smtp() http(401)
                "The password is right, and a code of the second factor is needed" => "give the code that the app shows by --totp-code or RELAYCTL_TOTP_CODE, or a recovery code";
            TotpRejected "totp-rejected" smtp() http(422)
                "The code of the second factor is wrong or was used already" => "wait for the next code of the app, and check the clock of its device; a recovery code does as well";
            CodeRejected "code-rejected" smtp() http(422)
                "The code is wrong or has expired" => "use the latest mail; relayctl account resend-code or relayctl auth reset-password sends another";
            RegistrationClosed "registration-closed" smtp() http(403)
                "Accounts are created by the operator only" => "ask the operator for an account";
            RouteNotForRegistration "route-not-for-registration" smtp() http(403)
                "A route to this server cannot be given with a registration" => "register without a route, and set it by relayctl route set once the account is active";
            InvitationRejected "invitation-rejected" smtp() http(403)
                "The invitation is missing, used, expired, or for another e-mail" => "ask the operator for one, and give it by --invitation";
            NoNotificationRoute "no-notification-route" smtp() http(409)
                "There is no route for mail of relayd itself" => "the operator names an account with a checked route in [notifications] of relayd.toml, or vouches by relayctl account verify";
            RequestsThrottled "requests-throttled" smtp() http(429)
                "Too many requests of this kind" => "wait as long as the answer says";
            NotFound "not-found" smtp() http(404)
                "There is no such object" => "the list command shows what there is";
            InvalidValue "invalid-value" smtp() http(422)
                "A value is not valid" => "correct the fields that are named";
            NameTaken "name-taken" smtp() http(409)
                "The name is in use" => "choose another";
            StaleVersion "stale-version" smtp() http(412)
                "The object was changed by somebody else meanwhile" => "read it again, then repeat the change";
            KeyReused "idempotency-key-reused" smtp() http(422)
                "The Idempotency-Key came with another request before" => "send a key of its own with each request";
            RequestInProgress "request-in-progress" smtp() http(409)
                "The request with this Idempotency-Key is being worked on" => "repeat it in a moment";
            ReplyLost "reply-lost" smtp() http(409)
                "The request with this Idempotency-Key was done, and its reply is not known any more" => "look at the object before you repeat it with another key";
            PlanLimit "plan-limit" smtp() http(409)
                "The plan does not allow more" => "choose a larger plan: relayctl plan list";
            StateConflict "state-conflict" smtp() http(409)
                "That does not fit the present state of the object" => "the show command tells its state";
            NetworkOverlap "network-overlap" smtp() http(409)
                "The network meets that of another system that signs in by address alone" => "register a narrower network, or use --auth password; an operator can change or remove the other system";
            WeakPassword "weak-password" smtp() http(422)
                "The password is too easy to guess" => "use 12 characters or more, and no words or patterns that others try first";
            MethodNotAllowed "method-not-allowed" smtp() http(405)
                "The path does not take this method" => "see /v1/openapi.json";
        }
    };
}

macro_rules! infos {
    ($($variant:ident $code:literal smtp($($smtp:literal)*) http($($http:literal)?) $sentence:literal => $remedy:literal;)+) => {
        /// Every reason, in the order of the table.
        pub fn reasons() -> Vec<ReasonInfo> {
            vec![$(ReasonInfo {
                code: $code.to_owned(),
                sentence: $sentence.to_owned(),
                remedy: $remedy.to_owned(),
                smtp: infos!(@smtp $($smtp)*),
                http: infos!(@http $($http)?),
            }),+]
        }
    };
    (@smtp) => { None };
    (@smtp $basic:literal $class:literal $subject:literal $detail:literal) => {
        Some(concat!($basic, " ", $class, ".", $subject, ".", $detail).to_owned())
    };
    (@http) => { None };
    (@http $status:literal) => { Some($status) };
}

reason_table!(infos);
