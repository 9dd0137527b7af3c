package io.atelier.generator.engine.diffusion.pipeline.model;

import java.io.IOException;

/** A file was read, and does not have the form that it must have. */
final class MalformedFile extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedFile(String message) {
        super(message);
    }

    MalformedFile(String message, Throwable cause) {
        super(message, cause);
    }
}
