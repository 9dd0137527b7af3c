package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTests {

    @ParameterizedTest
    @EnumSource(Code.class)
    void everyCodeHasAMessageForTheUser(Code code) {
        assertThat(code.sentence()).isNotBlank().endsWith(".").doesNotContain("Exception", "null");
        assertThat(new Failure(code, " ").message()).isEqualTo(code.sentence());
        assertThat(new Failure(code, "").withMessage("\n").message()).isEqualTo(code.sentence());
        assertThat(new Failure(code, "The reason.").message()).isEqualTo("The reason.");
    }

    @Test
    void messagesHaveTheWordsThatClientsSearchFor() {
        assertThat(lower(Code.NOT_CONFIGURED)).contains("api key");
        assertThat(lower(Code.PROVIDER_AUTH)).contains("api key");
        assertThat(lower(Code.RATE_LIMITED)).contains("rate limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void reportOfAWorkerWithoutAMessageHasOne(String message) {
        assertThat(new Failure(Code.RATE_LIMITED, message, 429, "req-1", 7L).message())
                .isEqualTo(Code.RATE_LIMITED.sentence());
    }

    private static String lower(Code code) {
        return code.sentence().toLowerCase(Locale.ROOT);
    }
}
