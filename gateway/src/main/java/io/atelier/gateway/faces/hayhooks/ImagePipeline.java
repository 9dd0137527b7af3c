package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.pipelines.Dispositions;

/**
 * A pipeline whose result is an image.
 *
 * @param name the first part of the path
 * @param description one line, for the OpenAPI document
 * @param model of requests that name none
 * @param width of requests that name none, in pixels
 * @param height of requests that name none, in pixels
 * @param files how many images requests may send to be changed, at least one; 0 for a pipeline that changes none
 * @param fileName of the image, for clients that save it; without folders
 * @param disposition how browsers treat the image unless the request says
 */
record ImagePipeline(
        String name,
        String description,
        String model,
        int width,
        int height,
        int files,
        String fileName,
        Disposition disposition)
        implements FacePipeline {

    /** The name of the pipeline that always exists. */
    static final String IMAGE_GENERATION = "image_generation";

    private static final int STANDARD_SIDE = 512;

    /** How browsers treat an image. */
    enum Disposition {
        /** They show it. */
        INLINE("inline"),
        /** They save it. */
        ATTACHMENT("attachment");

        private final String word;

        Disposition(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** The pipeline that always exists. */
    static ImagePipeline imageGeneration(String model) {
        return new ImagePipeline(
                IMAGE_GENERATION,
                "Generate an image from a prompt, and respond with it as a PNG file.",
                model,
                STANDARD_SIDE,
                STANDARD_SIDE,
                0,
                "generated_image.png",
                Disposition.ATTACHMENT);
    }

    /** The value of {@code Content-Disposition}. */
    String contentDisposition(Disposition kind) {
        return Dispositions.of(kind == Disposition.INLINE, fileName);
    }
}
