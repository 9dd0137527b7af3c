package io.atelier.generator.engine.diffusion.scheduler;

/**
 * The noise levels of one run and the step from each to the next. Evaluations of the model are counted from 0; text-to-image starts with the
 * first, image-to-image with a later one, and from there on {@link #step} is called once for each, in order. For one run and one thread.
 *
 * <p>All arrays have the length of the latents of the run, of all its images together; the scheduler keeps its own between steps.
 */
public interface Scheduler {

    /** How often the model is evaluated: the steps of the request, but one more with PNDM. */
    int evaluations();

    /**
     * The timestep to give to the model, as diffusers' {@code timesteps}: from about 1000 down to about 0. It has a fraction with flow matching
     * and with Euler's method over Karras' noise levels.
     */
    float timestep(int i);

    /**
     * The noise level of an evaluation, as diffusers' {@code sigmas}.
     *
     * @param i 0 to {@link #evaluations()}; the last is the level after the last step
     * @return NaN if diffusers' class has no such levels: DDIM, LCM and PNDM
     */
    default float sigma(int i) {
        return Float.NaN;
    }

    /** The factor for standard normal noise at the start of text-to-image; diffusers' {@code init_noise_sigma}. */
    default float initialNoiseScale() {
        return 1;
    }

    /**
     * Writes the latents as the model expects them: unchanged, except with Euler's method; diffusers' {@code scale_model_input}.
     *
     * @param into may be {@code latents} itself
     */
    default void scaleInput(int i, float[] latents, float[] into) {
        System.arraycopy(latents, 0, into, 0, latents.length);
    }

    /**
     * Writes the image that the model predicts in an evaluation, without any noise. Changes nothing else.
     *
     * @param output of the model for this evaluation, after guidance
     * @param latents before the step of this evaluation
     */
    void predictImage(int i, float[] output, float[] latents, float[] into);

    /**
     * Moves the latents in place to the next noise level.
     *
     * @param output of the model for this evaluation, after guidance; is not changed
     * @param noise asked once in each step that adds noise: Euler ancestral and LCM, all steps but the last
     */
    void step(int i, float[] output, float[] latents, NoiseSource noise);

    /**
     * Writes the latents of an image with the noise of an evaluation; image-to-image and inpainting start from there.
     *
     * @param original latents of the image, without noise
     * @param noise standard normal
     * @param into may be {@code original} or {@code noise} itself
     */
    void addNoise(int i, float[] original, float[] noise, float[] into);
}
