package io.atelier.gateway.files.format;

/** Bytes are no image file of a supported kind, or a damaged one. The message ends a sentence that begins with "The file". */
public final class ImageFileRefused extends Exception {

    private static final long serialVersionUID = 1L;

    ImageFileRefused(String message) {
        super(message, null, false, false);
    }

    static ImageFileRefused endsEarly() {
        return new ImageFileRefused("ends early: a part of it is missing.");
    }
}
