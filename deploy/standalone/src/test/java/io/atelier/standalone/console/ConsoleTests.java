package io.atelier.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ConsoleTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void overwritesProgressOnATerminal() {
        var console = console(true);

        console.progress("one");
        console.progress("two");
        console.print("done");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001B[K\u001B[?7lone\u001B[?7h\r\u001B[K\u001B[?7ltwo\u001B[?7h\r\u001B[K");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("done" + System.lineSeparator());
    }

    @Test
    void printsEachProgressOnceElsewhere() {
        var console = console(false);

        console.progress("one");
        console.progress("one");
        console.progress("two");

        assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(2).doesNotContain("\u001B");
    }

    @Test
    void alignsTheColumnsOfATable() {
        var table = new Table().row("MODEL", "ENGINE").row("pocket", "local").row("flux", "openai");

        assertThat(table.lines()).containsExactly("MODEL   ENGINE", "pocket  local", "flux    openai");
    }

    @Test
    void escapesControlCharactersOfForeignTexts() {
        var console = console(true);

        console.print("a castle\u001B]0;owned\u0007\u009B2J");
        console.notice("two\nlines\r");
        console.progress("draw\ning\u001B[31m");
        console.failure(new CommandFailed(ExitCode.REFUSED, "provider: \u001B[2J"), false);

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("a castle\\u001b]0;owned\\u0007\\u009b2J");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("two\nlines\\r", "draw\\ning\\u001b[31m", "provider: \\u001b[2J");
    }

    @Test
    void escapesControlCharactersInJsonSoThatTheValueStays() {
        console(false).json(Map.of("prompt", "a\u009B2J\u007F\u001B castle"));

        var json = out.toString(StandardCharsets.UTF_8);
        assertThat(json).doesNotContain("\u009B", "\u007F", "\u001B");
        assertThat(new JsonMapper().readTree(json).path("prompt").asString()).isEqualTo("a\u009B2J\u007F\u001B castle");
    }

    @Test
    void coloursMessagesOnATerminalOnlyAndNeverWithNoColor() {
        assertThat(TerminalStreams.of(true, true, Map.of("TERM", "xterm")).coloursErr())
                .isTrue();
        assertThat(TerminalStreams.of(true, true, Map.of("NO_COLOR", "")).coloursOut())
                .isTrue();
        assertThat(TerminalStreams.of(true, true, Map.of("NO_COLOR", "1")))
                .returns(false, TerminalStreams::coloursErr)
                .returns(false, TerminalStreams::coloursOut)
                .returns(true, TerminalStreams::err);
        assertThat(TerminalStreams.of(false, false, Map.of())).returns(false, TerminalStreams::coloursErr);
        assertThat(TerminalStreams.of(true, true, Map.of("TERM", "dumb"))).returns(false, TerminalStreams::err);
    }

    @Test
    void failsIfTheResultCannotBeWritten() {
        var full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        var console =
                new Console(InputStream.nullInputStream(), full, err, StandardCharsets.UTF_8, TerminalStreams.NONE);

        assertThatThrownBy(() -> console.print("done"))
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.UNWRITABLE));
    }

    @Test
    void refusesAClosedStandardOutputBeforeTheWork(@TempDir Path folder) throws IOException {
        var file = new FileOutputStream(folder.resolve("out").toFile());
        var console =
                new Console(InputStream.nullInputStream(), file, err, StandardCharsets.UTF_8, TerminalStreams.NONE);
        console.requireOpen();
        file.close();

        assertThatThrownBy(console::requireOpen)
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.UNWRITABLE));
        assertThat(folder.resolve("out")).isEmptyFile();
    }

    @Test
    void printsOneJsonObjectAlsoIfASignalComesAfterTheResult() {
        var console = console(false);

        console.json(Map.of("id", "gen_1"));
        console.stopped("Job gen_1 goes on.", Map.of("id", "gen_1"), true);

        assertThat(new JsonMapper()
                        .readTree(out.toString(StandardCharsets.UTF_8))
                        .path("id")
                        .asString())
                .isEqualTo("gen_1");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("error");
    }

    @Test
    void saysInWordsWhatJavaSaysWithTheNameOfAClassOnly() {
        assertThat(CommandFailed.reason(new ClosedChannelException())).isEqualTo("closed channel");
        assertThat(CommandFailed.reason(new TimeoutException(" "))).isEqualTo("timeout");
        assertThat(CommandFailed.reason(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(CommandFailed.reason(new NoSuchFileException("/a"))).isEqualTo("/a: no such file or folder");
        assertThat(CommandFailed.reason(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("/a: Read-only file system");
    }

    private Console console(boolean terminal) {
        return new Console(
                InputStream.nullInputStream(),
                out,
                err,
                StandardCharsets.UTF_8,
                new TerminalStreams(terminal, terminal, false));
    }
}
