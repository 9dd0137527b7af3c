package io.atelier.generator.engine.diffusion.pipeline.denoiser;

/**
 * How the denoisers of a kind name and scale what all have.
 *
 * @param sample the input for latents
 * @param output the output
 * @param timestepDivisor the unit of the timestep: 1 for timesteps of 0 to 1000, 1000 for noise levels of 0 to 1
 */
record NetworkSignature(String sample, String output, float timestepDivisor) {

    static final NetworkSignature UNET = new NetworkSignature("sample", "out_sample", 1);
    static final NetworkSignature SD3 = new NetworkSignature("hidden_states", "out_hidden_states", 1);
    static final NetworkSignature FLUX = new NetworkSignature("hidden_states", "out_hidden_states", 1000);
}
