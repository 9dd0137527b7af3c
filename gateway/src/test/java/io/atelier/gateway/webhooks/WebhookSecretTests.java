package io.atelier.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTests {

    @Test
    void signatureIsThatOfTheStandard() {
        // The example of the reference implementations of Standard Webhooks.
        var secret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 64})
    void randomBytesAreASecret(int bytes) {
        assertThat(WebhookSecret.isValid(text(bytes))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 65})
    void tooFewOrTooManyBytesAreNoSecret(int bytes) {
        assertThat(WebhookSecret.isValid(text(bytes))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*",
                "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void anotherTextIsNoSecret(String text) {
        assertThat(WebhookSecret.isValid(text)).isFalse();
    }

    @Test
    void refusalAndTextFormDoNotContainTheSecret() {
        var text = text(32);

        assertThat(WebhookSecret.of(text).toString()).doesNotContain(text.substring(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookSecret.of(text + "*"))
                .satisfies(refusal -> assertThat(refusal).hasMessageNotContaining(text));
    }

    private static String text(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
