package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.contract.image.ImageSize;
import java.util.Optional;

/**
 * The sizes of images that a model can generate.
 *
 * @param latentChannels channels of the latents, such as 4 or 16
 * @param vaeScale pixels of an image for each latent in one direction; 8 for all known models
 * @param multiple width and height must be divisible by this number of pixels
 * @param maxSide the largest width and height in pixels
 * @param nativeSide width and height in pixels of what the model makes, where that is scaled to the size of the image; 0 where it has that size
 */
public record ModelGeometry(int latentChannels, int vaeScale, int multiple, int maxSide, int nativeSide) {

    private static final int MAX_SIDE = 4_096;
    private static final int DEFAULT_VAE_LEVELS = 4;
    private static final int DEFAULT_UNET_LEVELS = 4;

    /** FLUX packs 2 x 2 latents to a token, and SD3 has patches of 2 x 2. */
    private static final int PATCH = 2;

    /** A model that makes images of the size that they are to have. */
    ModelGeometry(int latentChannels, int vaeScale, int multiple, int maxSide) {
        this(latentChannels, vaeScale, multiple, maxSide, 0);
    }

    /** Reads the configs of the denoiser and of the VAE. */
    public static ModelGeometry of(DiffusersFolder folder) {
        var vae = folder.config("vae_decoder");
        var denoiser = folder.config(folder.family().denoiser());
        boolean isUnet = folder.family().usesUnet();
        int vaeScale = 1 << (levels(vae, DEFAULT_VAE_LEVELS) - 1);
        int channels = vae.integer("latent_channels", isUnet ? 4 : 16);
        requireTextToImage(folder, denoiser, channels);
        if (isUnet) {
            // A U-Net halves the sides between its blocks; an exported one fails if the halves are no integers.
            int halvings = levels(denoiser, DEFAULT_UNET_LEVELS) - 1;
            return new ModelGeometry(channels, vaeScale, vaeScale << halvings, MAX_SIDE);
        }
        int patch = folder.family() == PipelineFamily.FLUX ? PATCH : denoiser.integer("patch_size", PATCH);
        int positions = denoiser.integer("pos_embed_max_size", MAX_SIDE);
        int maxSide = (int) Math.min(MAX_SIDE, (long) positions * patch * vaeScale);
        return new ModelGeometry(channels, vaeScale, vaeScale * patch, maxSide);
    }

    /** The size that the model makes for an image of a size, before it is scaled to that. */
    public ImageSize made(ImageSize size) {
        return nativeSide == 0 ? size : new ImageSize(nativeSide, nativeSide);
    }

    /** What is wrong with a size, and which sizes are allowed; empty if it is allowed. */
    public Optional<String> problem(int width, int height) {
        if (width < multiple || height < multiple || width > maxSide || height > maxSide) {
            return Optional.of("This model generates images of %1$d to %2$d pixels in width and height; got %3$dx%4$d."
                    .formatted(multiple, maxSide, width, height));
        }
        if (width % multiple != 0 || height % multiple != 0) {
            return Optional.of(
                    "Width and height must be divisible by %d for this model; got %dx%d. The nearest size is %dx%d."
                            .formatted(multiple, width, height, nearest(width), nearest(height)));
        }
        return Optional.empty();
    }

    private int nearest(int side) {
        return Math.min(maxSide / multiple, Math.max(1, Math.round((float) side / multiple))) * multiple;
    }

    private static int levels(ComponentConfig config, int otherwise) {
        int levels = config.count("block_out_channels");
        return levels == 0 ? otherwise : levels;
    }

    /** Models for inpainting, depth or editing take further channels, which text-to-image does not have. */
    private static void requireTextToImage(DiffusersFolder folder, ComponentConfig denoiser, int latentChannels) {
        int expected = folder.family() == PipelineFamily.FLUX ? latentChannels * PATCH * PATCH : latentChannels;
        int found = denoiser.integer("in_channels", expected);
        if (found != expected) {
            throw UnusableModel.because(
                    "%s has %d input channels, %d are supported: this is a model for a special task such as inpainting or depth. Use its text-to-image model."
                            .formatted(denoiser.file(), found, expected));
        }
    }
}
