package io.atelier.standalone.terminal;

import io.atelier.standalone.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;

/** Shows images in the terminal, if it answers that it can: with the protocols of kitty or iTerm2, or with sixels. Not thread-safe. */
public final class TerminalPreview {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);
    private static final int WIDEST_COLUMNS = 48;
    private static final int MOST_ROWS = 24;
    /** Cells are about twice as high as wide. */
    private static final int CELL_RATIO = 2;

    /** Types of terminals that cannot show images, and may print what they do not know. */
    private static final Set<String> TEXT_ONLY = Set.of("", "dumb", "linux", "vt100", "vt220", "ansi");

    private final Console console;
    private final String type;
    private Optional<ImageProtocol> protocol = Optional.empty();
    private boolean asked;

    /** @param settings the environment variables */
    public TerminalPreview(Console console, Map<String, String> settings) {
        this.console = console;
        this.type = settings.getOrDefault("TERM", "");
    }

    /**
     * Shows a PNG or JPEG on standard output if that is a terminal which can; otherwise, and if anything fails, does nothing.
     *
     * @param width the width of the image in pixels
     * @param height the height of the image in pixels
     */
    public void show(byte[] image, int width, int height) {
        if (!console.terminal().out() || TEXT_ONLY.contains(type)) {
            return;
        }
        try {
            var known = protocol();
            if (known.isPresent()) {
                console.printUnchanged(
                        known.get().encode(png(image), columns(width, height, ControllingTerminal.columns())));
            }
        } catch (IOException e) {
            // The image is saved; a preview is no reason to fail.
            protocol = Optional.empty();
        }
    }

    /** The width that keeps the image within the terminal, and not higher than 24 rows. */
    static int columns(int width, int height, int terminalColumns) {
        long byHeight = (long) MOST_ROWS * CELL_RATIO * Math.max(1, width) / Math.max(1, height);
        return (int) Math.max(1, Math.min(byHeight, Math.min(WIDEST_COLUMNS, terminalColumns)));
    }

    /** Not all terminals know JPEG. */
    private static byte[] png(byte[] image) throws IOException {
        if (image.length < 2 || (image[0] & 0xFF) != 0xFF || (image[1] & 0xFF) != 0xD8) {
            return image;
        }
        var decoded = ImageIO.read(new ByteArrayInputStream(image));
        var out = new ByteArrayOutputStream();
        if (decoded == null || !ImageIO.write(decoded, "png", out)) {
            throw new IOException("The JPEG cannot be converted");
        }
        return out.toByteArray();
    }

    private Optional<ImageProtocol> protocol() throws IOException {
        if (!asked) {
            asked = true;
            protocol = ControllingTerminal.isInForeground()
                    ? ImageProtocol.of(
                            ControllingTerminal.ask(ImageProtocol.QUERY, ImageProtocol::isComplete, ANSWER_TIMEOUT))
                    : Optional.empty();
        }
        return protocol;
    }
}
