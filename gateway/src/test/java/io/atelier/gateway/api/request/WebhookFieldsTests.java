package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Webhook;
import io.atelier.gateway.api.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookFieldsTests {

    private static final WebhookPolicy PUBLIC = new WebhookPolicy(true, false);
    private static final WebhookPolicy ANY = new WebhookPolicy(true, true);

    private final List<String> errors = new ArrayList<>();

    @Test
    void withoutEventsAllEndsAreMeant() {
        assertThat(read(PUBLIC, "{'url': 'https://example.org/hooks?a=1'}"))
                .contains(new Webhook(
                        "https://example.org/hooks?a=1",
                        Set.of(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED)));
        assertThat(errors).isEmpty();
    }

    @Test
    void eventsNameTheEnds() {
        assertThat(read(PUBLIC, "{'url': 'https://example.org', 'events': ['expired', 'failed', 'failed']}"))
                .map(Webhook::events)
                .hasValueSatisfying(
                        events -> assertThat(events).containsExactlyInAnyOrder(JobStatus.FAILED, JobStatus.EXPIRED));
    }

    @Test
    void eventThatIsNoEndIsRefusedWithAllEnds() {
        assertThat(read(PUBLIC, "{'url': 'https://example.org', 'events': ['generation.succeeded']}"))
                .isEmpty();
        assertThat(errors)
                .singleElement()
                .satisfies(
                        error -> assertThat(error)
                                .contains(
                                        "'succeeded', 'failed', 'canceled', 'expired'; 'generation.succeeded' is none of them"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "'failed'",
                "['running']",
                "['generation.succeeded']",
                "['Failed']",
                "[7]",
                "['failed', 'failed', 'failed', 'failed', 'failed']",
            })
    void otherEventsAreRefused(String events) {
        assertThat(read(PUBLIC, "{'url': 'https://example.org', 'events': " + events + "}"))
                .isEmpty();
        assertThat(errors).isNotEmpty().allSatisfy(error -> assertThat(error).startsWith("/webhook/events"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "http://example.org:8080/hooks",
                "HTTPS://EXAMPLE.ORG:65535/%C3%A9?q=%20",
                "https://93.184.216.34/",
                "https://[2606:2800:220:1:248:1893:25c8:1946]/hooks",
                "https://localhost.example.org",
            })
    void publicAddressesAreAccepted(String url) {
        assertThat(read(PUBLIC, "{'url': '" + url + "'}")).map(Webhook::url).contains(url);
        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://example.org, 'Must begin with'",
        "//example.org/hooks, 'Must begin with'",
        "https:///hooks, 'Must have a host'",
        "http://my_service/hooks, 'Must have a host'",
        "https://example.org:abc/, 'Must have a host'",
        "https://exämple.org/, xn--",
        "mailto:a@example.org, 'Must begin with'",
        "https://user:word@example.org, 'user or password'",
        "https://example.org/#top, fragment",
        "https://example.org:0/, port",
        "https://example.org:65536/, port",
        "https://example.org/é, ASCII",
        "'https://example.org/a b', 'Is not an address'",
        "https://127.1/, host",
        "https://2130706433/, host",
        "https://10.0.0.256/, host",
    })
    void otherAddressesAreRefusedWithTheReason(String url, String reason) {
        assertThat(read(ANY, "{'url': '" + url + "'}")).isEmpty();
        assertThat(errors)
                .singleElement()
                .satisfies(
                        error -> assertThat(error).startsWith("/webhook/url: ").contains(reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest/meta-data",
                "http://100.64.0.1/",
                "http://0.0.0.0/",
                "http://[::1]/",
                "http://[fd00::1]/",
                "http://[fe80::1]/",
                "http://[::ffff:10.0.0.1]/",
                "http://localhost:9000/",
                "http://api.LOCALHOST/",
            })
    void privateAddressesAreRefusedUnlessTheyAreAllowed(String url) {
        assertThat(read(PUBLIC, "{'url': '" + url + "'}")).isEmpty();
        assertThat(errors)
                .singleElement()
                .satisfies(error ->
                        assertThat(error).startsWith("/webhook/url: ").contains("ATELIER_WEBHOOK_ADDRESSES=any"));

        errors.clear();
        assertThat(read(ANY, "{'url': '" + url + "'}")).map(Webhook::url).contains(url);
        assertThat(errors).isEmpty();
    }

    @Test
    void longestAddressIsAcceptedAndNoLonger() {
        var longest = "https://example.org/" + "x".repeat(Webhook.MAX_URL_CHARACTERS - 20);

        assertThat(read(PUBLIC, "{'url': '" + longest + "'}")).isPresent();
        assertThat(read(PUBLIC, "{'url': '" + longest + "x'}")).isEmpty();
        assertThat(errors).singleElement().satisfies(error -> assertThat(error).contains("it has 2049"));
    }

    @Test
    void missingAndUnknownFieldsAreNamed() {
        assertThat(read(PUBLIC, "{'uri': 'https://example.org', 'secret_id': 'a'}"))
                .isEmpty();
        assertThat(errors)
                .anySatisfy(
                        error -> assertThat(error).startsWith("/webhook/uri: ").contains("'url'"))
                .anySatisfy(error -> assertThat(error).startsWith("/webhook/url: Is missing"))
                .anySatisfy(error ->
                        assertThat(error).startsWith("/webhook/secret_id: ").contains("does not support"));
    }

    @Test
    void withoutASecretNoWebhookIsAccepted() {
        assertThat(read(new WebhookPolicy(false, true), "{'url': 'https://example.org'}"))
                .isEmpty();
        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error).startsWith("/webhook: ").contains("ATELIER_WEBHOOK_SECRETS"));
    }

    @Test
    void nullIsNoWebhook() {
        assertThat(read(new WebhookPolicy(false, false), "null")).isEmpty();
        assertThat(errors).isEmpty();
    }

    private Optional<Webhook> read(WebhookPolicy policy, String webhook) {
        var found = new ValidationErrors();
        var body = "{'webhook': %s}".formatted(webhook).replace('\'', '"');
        var fields = JsonFields.parse(body.getBytes(StandardCharsets.UTF_8), found);
        var read = WebhookFields.read(fields, policy);
        try {
            found.throwIfAny();
        } catch (Problem problem) {
            problem.errors().forEach(error -> errors.add(error.pointer() + ": " + error.detail()));
        }
        return read;
    }
}
