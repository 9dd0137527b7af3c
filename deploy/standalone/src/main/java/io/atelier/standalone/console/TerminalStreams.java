package io.atelier.standalone.console;

import java.util.Map;

/**
 * Which standard streams of the process are terminals, and what may be sent to them.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is a terminal, where a line can be overwritten
 * @param colours whether terminals show colours
 */
public record TerminalStreams(boolean out, boolean err, boolean colours) {

    /** Neither stream is a terminal. */
    public static final TerminalStreams NONE = new TerminalStreams(false, false, false);

    /**
     * Applies the settings of the user: a terminal of type {@code dumb} can do nothing, and with a non-empty {@code NO_COLOR} nothing is
     * coloured (no-color.org).
     *
     * @param settings the environment variables
     */
    public static TerminalStreams of(boolean out, boolean err, Map<String, String> settings) {
        boolean dumb = "dumb".equals(settings.get("TERM"));
        boolean colourless = !settings.getOrDefault("NO_COLOR", "").isEmpty();
        return new TerminalStreams(out && !dumb, err && !dumb, !colourless);
    }

    /** Whether the text on standard output may be coloured. */
    public boolean coloursOut() {
        return out && colours;
    }

    /** Whether messages on standard error may be coloured. */
    public boolean coloursErr() {
        return err && colours;
    }
}
