package io.atelier.standalone.image;

import java.nio.file.Path;

/** Where the images of a job are written. */
public interface ImageDestination {

    /** Where the bytes of one image go to standard output. */
    Path STANDARD_OUTPUT = Path.of("-");

    /**
     * Checks that images can be written, before a job is created for them.
     *
     * @throws io.atelier.standalone.console.CommandFailed if they cannot
     */
    void check();

    /**
     * Writes image {@code index} of {@code count} and returns its file.
     *
     * @param job the id of the job
     * @throws io.atelier.standalone.console.CommandFailed if it cannot be written
     */
    Path save(String job, int index, int count, byte[] bytes);
}
