package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class LifecycleThreadFailuresTests {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final LifecycleThreadFailures failures = new LifecycleThreadFailures(now::get, Duration.ofMillis(50));

    @Test
    void everyThreadIsReplacedAndRepeatedFailuresAreOneLineAMinute(CapturedOutput output) {
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(failures.handle(new IllegalStateException("disk", new IllegalStateException("no space"))))
                    .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
            now.updateAndGet(time -> time.plusSeconds(7));
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(9 * 50));
        assertThat(output.getOut().lines().filter(line -> line.contains("ended and is replaced")))
                .hasSize(1);
        assertThat(output.getOut().lines().filter(line -> line.contains("again and again")))
                .singleElement()
                .asString()
                .contains("no space");
    }

    @Test
    void aFailureAfterALongTimeIsReportedInFull(CapturedOutput output) {
        failures.handle(new IllegalStateException("first"));
        now.updateAndGet(time -> time.plusSeconds(600));
        failures.handle(new IllegalStateException("second"));

        assertThat(output.getOut().lines().filter(line -> line.contains("ended and is replaced")))
                .hasSize(2);
    }

    @Test
    void theStopOfTheApplicationEndsAPause() throws Exception {
        var longPause = new LifecycleThreadFailures(now::get, Duration.ofMinutes(10));
        longPause.handle(new IllegalStateException("first"));
        var thread = new Thread(() -> longPause.handle(new IllegalStateException("second")));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        try (var application = new GenericApplicationContext()) {
            application.refresh();
            application.addApplicationListener(longPause);
        }

        thread.join(Duration.ofSeconds(10).toMillis());
        assertThat(thread.isAlive()).isFalse();
    }
}
