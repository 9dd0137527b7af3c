package io.atelier.gateway.api.request;

import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Webhook;
import io.atelier.http.AddressRanges;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the webhook of a request. Looks up no host: the sender checks the addresses of a name again at each attempt. */
final class WebhookFields {

    private static final String FIELD = "webhook";
    private static final String URL = "url";
    private static final String EVENTS = "events";
    private static final String EXAMPLE = "https://example.org/hooks";
    private static final int MAX_PORT = 65_535;
    private static final int MAX_WORD = 64;

    private static final Set<JobStatus> ENDS = Arrays.stream(JobStatus.values())
            .filter(JobStatus::terminal)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(JobStatus.class)));

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE);

    private WebhookFields() {}

    /** The webhook; empty if there is none, and after an error. */
    static Optional<Webhook> read(JsonFields fields, WebhookPolicy policy) {
        var webhook = fields.object(FIELD);
        if (webhook.isEmpty()) {
            return Optional.empty();
        }
        if (!policy.isEnabled()) {
            fields.error(FIELD, WebhookPolicy.DISABLED + ", or leave the field out.");
            return Optional.empty();
        }
        var given = webhook.get();
        given.allowOnly(WebhookForm.class, Set.of("secret_id"));
        var url = url(given, policy);
        var events = events(given);
        return url.filter(address -> !events.isEmpty()).map(address -> new Webhook(address, events));
    }

    private static Set<JobStatus> events(JsonFields webhook) {
        if (!webhook.has(EVENTS)) {
            return ENDS;
        }
        var events = EnumSet.noneOf(JobStatus.class);
        for (var word : webhook.texts(EVENTS, ENDS.size(), 1, MAX_WORD)) {
            var end = ENDS.stream().filter(each -> each.word().equals(word)).findFirst();
            end.ifPresent(events::add);
            if (end.isEmpty()) {
                webhook.error(
                        EVENTS,
                        "Must have only %s; '%s' is none of them."
                                .formatted(
                                        ENDS.stream()
                                                .map(each -> "'" + each.word() + "'")
                                                .collect(Collectors.joining(", ")),
                                        word));
            }
        }
        return events;
    }

    private static Optional<String> url(JsonFields webhook, WebhookPolicy policy) {
        if (!webhook.has(URL)) {
            webhook.error(URL, "Is missing: give the address of the receiver, such as " + EXAMPLE + ".");
        }
        var text = webhook.text(URL, 1, Webhook.MAX_URL_CHARACTERS);
        var mistake = text.flatMap(url -> mistake(url, policy));
        mistake.ifPresent(detail -> webhook.error(URL, detail));
        return mistake.isPresent() ? Optional.empty() : text;
    }

    /** What is wrong with an address; empty if nothing is. */
    private static Optional<String> mistake(String url, WebhookPolicy policy) {
        try {
            var uri = new URI(url);
            boolean isHttp = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (!isHttp) {
                return Optional.of("Must begin with 'https://' or 'http://', such as " + EXAMPLE + ".");
            }
            if (uri.getHost() == null) {
                return Optional.of("Must have a host of letters, digits, '-' and '.', or an IP address, and a port as a"
                        + " number, if any; a name in another script in its form with 'xn--'. An example: " + EXAMPLE
                        + ".");
            }
            if (!url.chars().allMatch(character -> character < 0x80)) {
                return Optional.of("Must have ASCII characters only: encode the others, such as %C3%A9 for é.");
            }
            if (uri.getRawUserInfo() != null) {
                return Optional.of("Must not contain a user or password. Receivers verify the signature instead.");
            }
            if (uri.getRawFragment() != null) {
                return Optional.of("Must not have a fragment, which is not sent: leave out '#' and what follows.");
            }
            if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
                return Optional.of("Must have a port from 1 to %d, or none.".formatted(MAX_PORT));
            }
            return hostMistake(uri.getHost(), policy);
        } catch (URISyntaxException e) {
            return Optional.of("Is not an address: %s. Give one such as %s.".formatted(e.getReason(), EXAMPLE));
        }
    }

    private static Optional<String> hostMistake(String host, WebhookPolicy policy) {
        boolean isLiteral = host.startsWith("[") || IPV4.matcher(host).matches();
        if (!isLiteral && NUMBERS.matcher(host).matches()) {
            return Optional.of("Must have a host that is a name, or an IP address in its usual form.");
        }
        boolean isPrivate = isLiteral ? !isPublic(host) : isThisMachine(host);
        return isPrivate && !policy.allowsPrivateAddresses()
                ? Optional.of("Must not lead into a private network or to this machine. For a receiver there, set"
                        + " ATELIER_WEBHOOK_ADDRESSES=any on the gateway.")
                : Optional.empty();
    }

    private static boolean isThisMachine(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.matches("(.*\\.)?localhost\\.?");
    }

    /** @param literal an IP address, for which nothing is looked up */
    private static boolean isPublic(String literal) {
        try {
            return AddressRanges.isPublic(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
