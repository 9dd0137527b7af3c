package io.atelier.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void overwritesProgressOnATerminal() {
        var console = console(true);

        console.progress("one");
        console.progress("two");
        console.print("done");

        assertThat(err.toString()).isEqualTo("\r\u001B[Kone\r\u001B[Ktwo\r\u001B[K");
        assertThat(out.toString()).isEqualTo("done" + System.lineSeparator());
    }

    @Test
    void printsEachProgressOnceElsewhere() {
        var console = console(false);

        console.progress("one");
        console.progress("one");
        console.progress("two");

        assertThat(err.toString()).hasLineCount(2).doesNotContain("\u001B");
    }

    @Test
    void alignsTheColumnsOfATable() {
        var table = new Table().row("MODEL", "ENGINE").row("pocket", "local").row("flux", "openai");

        assertThat(table.lines()).containsExactly("MODEL   ENGINE", "pocket  local", "flux    openai");
    }

    private Console console(boolean terminal) {
        return new Console(new PrintWriter(out), new PrintWriter(err), terminal);
    }
}
