package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import org.junit.jupiter.api.Test;

class LoadFailureTests {

    private long nanos;
    private final LoadFailure failure = new LoadFailure(() -> nanos);

    @Test
    void damageCountsUntilTheModelWasLoadedOrTimeHasPassed() {
        failure.failed(failed(Code.NOT_CONFIGURED));
        assertThat(failure.problem()).isEqualTo("No.");

        failure.succeeded();
        assertThat(failure.problem()).isEmpty();

        failure.failed(failed(Code.NOT_CONFIGURED));
        nanos = LoadFailure.TTL.toNanos() - 1;
        assertThat(failure.problem()).isEqualTo("No.");
        nanos++;
        assertThat(failure.problem()).isEmpty();
    }

    @Test
    void lackOfMemoryAndAFailingDeviceDoNotCount() {
        failure.failed(failed(Code.OUT_OF_MEMORY));
        failure.failed(failed(Code.ENGINE_UNAVAILABLE));

        assertThat(failure.problem()).isEmpty();
    }

    private static GenerationFailed failed(Code code) {
        return new GenerationFailed(new Failure(code, "No."));
    }
}
