package io.atelier.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignerTests {

    private static final Instant AT = Instant.ofEpochSecond(1_614_265_330, 999_000_000);
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String FIRST = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String SECOND = "whsec_bmV3LXNlY3JldC1vZi10aGUtcm90YXRpb24h";

    @Test
    void signsIdTimeAndBodyWithEverySecret() {
        var one = new WebhookSigner(List.of(FIRST)).signature("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY);
        var other = new WebhookSigner(List.of(SECOND)).signature("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY);

        // The example of the reference implementations of Standard Webhooks.
        assertThat(one).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(new WebhookSigner(List.of(FIRST, SECOND)).signature("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY))
                .isEqualTo(one + " " + other);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void timestampIsInWholeSeconds() {
        assertThat(WebhookSigner.timestamp(AT)).isEqualTo("1614265330");
    }
}
