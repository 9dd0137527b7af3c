package io.atelier.standalone.models.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.TerminalStreams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TransferProgressTests {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void terminalShowsRateAndTimeLeft() {
        var progress = progress(new TerminalStreams(false, true, false), 1_000_000_000);
        progress.file("unet/model.onnx_data");

        progress.present(50_000_000);
        for (int i = 0; i < 4; i++) {
            arrive(progress, 50_000_000);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("[#####...............]  25%  250 MB of 1.0 GB, 50 MB/s, 15 s left  unet/model.onnx_data");
    }

    @Test
    void rateFollowsTheLastSeconds() {
        var progress = progress(new TerminalStreams(false, true, false), 10_000_000_000L);

        arrive(progress, 0);
        arrive(progress, 100_000_000);
        for (int i = 0; i < 30; i++) {
            arrive(progress, 1_000_000);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(", 1.1 MB/s, 2 h ")
                .doesNotContain("Infinity", "NaN");
    }

    @DisplayName("No rate and no time are shown before bytes have arrived for two seconds")
    @Test
    void firstRateIsThatOfTwoSeconds() {
        var progress = progress(new TerminalStreams(false, true, false), 10_000_000_000L);
        progress.file("unet/model.onnx_data");

        // A slow answer, then what was in buffers on the way, then the rate of the line.
        nanos.addAndGet(3 * SECOND);
        progress.add(65_536);
        nanos.addAndGet(SECOND);
        progress.add(19_000_000);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("19 MB of 10 GB  unet")
                .doesNotContain("/s", "left");

        nanos.addAndGet(SECOND);
        progress.add(1_000_000);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("20 MB of 10 GB, 10 MB/s, 16 min 38 s left");
    }

    @DisplayName("The waits before small files, and those before another attempt, do not lower the rate")
    @Test
    void waitsAreNoneOfTheRate() {
        var progress = progress(new TerminalStreams(false, true, false), 10_000_000_000L);
        for (int i = 0; i < 20; i++) {
            progress.file("tokenizer/file-" + i);
            arrive(progress, 1_000);
        }
        progress.file("unet/model.onnx_data");
        for (int i = 0; i < 4; i++) {
            arrive(progress, 10_000_000);
        }
        progress.interrupted();
        nanos.addAndGet(60 * SECOND);
        for (int i = 0; i < 2; i++) {
            arrive(progress, 10_000_000);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .doesNotContain(" h ")
                .endsWith("60 MB of 10 GB, 10 MB/s, 16 min 34 s left  unet/model.onnx_data\u001B[?7h");
    }

    @Test
    void otherStreamsGetALineForEachTenth() {
        var progress = progress(TerminalStreams.NONE, 1_000_000);

        for (int i = 0; i < 100; i++) {
            arrive(progress, 10_000);
        }

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(10)
                .startsWith("10 %: 100 kB of 1.0 MB, 10 kB/s, 1 min 30 s left")
                .endsWith("100 %: 1.0 MB of 1.0 MB");
    }

    private void arrive(TransferProgress progress, long bytes) {
        nanos.addAndGet(SECOND);
        progress.add(bytes);
    }

    private TransferProgress progress(TerminalStreams terminal, long total) {
        var console = new Console(
                InputStream.nullInputStream(), OutputStream.nullOutputStream(), err, StandardCharsets.UTF_8, terminal);
        return new TransferProgress(console, total, nanos::get);
    }
}
