package io.atelier.standalone.image;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import java.nio.file.Path;

/** Writes the one image of a job to standard output. */
public final class StandardOutputImage implements ImageDestination {

    private final Console console;

    public StandardOutputImage(Console console) {
        this.console = console;
    }

    @Override
    public void check() {
        if (console.terminal().out()) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "Standard output is a terminal, which would show the bytes of the image; redirect it (-o -"
                            + " >castle.png), or use -o FILE.");
        }
    }

    @Override
    public Path save(String job, int index, int count, byte[] bytes) {
        if (count != 1) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "Job %s has %d images, but standard output takes one; use -o with a file or a folder."
                            .formatted(job, count));
        }
        console.write(bytes);
        return STANDARD_OUTPUT;
    }
}
