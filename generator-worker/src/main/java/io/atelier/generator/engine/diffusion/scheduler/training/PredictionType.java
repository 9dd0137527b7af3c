package io.atelier.generator.engine.diffusion.scheduler.training;

/** What the output of a model means. The latents are {@code signal * image + noise level * noise}, and the model predicts one of them. */
public enum PredictionType {
    /** The noise. */
    EPSILON {
        @Override
        public Conversion at(double signal, double noise) {
            return new Conversion((float) (1 / signal), (float) (-noise / signal), 0, 1);
        }
    },
    /** The velocity {@code signal * noise - noise level * image} of Salimans and Ho (2022). */
    V_PREDICTION {
        @Override
        public Conversion at(double signal, double noise) {
            return new Conversion((float) signal, (float) -noise, (float) noise, (float) signal);
        }
    },
    /** The image. */
    SAMPLE {
        @Override
        public Conversion at(double signal, double noise) {
            return new Conversion(0, 1, (float) (1 / noise), (float) (-signal / noise));
        }
    };

    /** The type that the file names; noise if it names none. */
    public static PredictionType of(SchedulerFields fields) {
        return fields.choice("prediction_type", EPSILON);
    }

    /** How to get image and noise from latents and output where the latents have these parts of both. */
    public abstract Conversion at(double signal, double noise);

    /**
     * Image and noise as sums of latents and output, value by value.
     *
     * @param imageOfLatents the factor of the latents in the image
     * @param imageOfOutput the factor of the output in the image
     * @param noiseOfLatents the factor of the latents in the noise
     * @param noiseOfOutput the factor of the output in the noise
     */
    public record Conversion(float imageOfLatents, float imageOfOutput, float noiseOfLatents, float noiseOfOutput) {

        /** A value of the image without noise. */
        public float image(float latents, float output) {
            return imageOfLatents * latents + imageOfOutput * output;
        }

        /**
         * Writes the image without noise.
         *
         * @param scale of the latents, with which they have the parts that this conversion is for
         */
        public void images(float[] latents, double scale, float[] outputs, float[] into) {
            for (int k = 0; k < into.length; k++) {
                into[k] = image((float) (latents[k] * scale), outputs[k]);
            }
        }

        /** A value of the noise. */
        public float noise(float latents, float output) {
            return noiseOfLatents * latents + noiseOfOutput * output;
        }
    }
}
