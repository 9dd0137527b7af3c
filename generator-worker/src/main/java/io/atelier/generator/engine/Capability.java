package io.atelier.generator.engine;

/** Parameters and functions that an engine supports. An engine ignores other parameters and adds a warning to its images. */
public enum Capability {
    /** Generates images of the requested size. */
    SIZE,
    /** Uses the seed: the same request gives the same image, another seed another image. */
    SEED,
    STEPS,
    GUIDANCE,
    NEGATIVE_PROMPT,
    /** Edits source images. */
    EDIT,
    /** Changes only the part of a source image that a mask marks. */
    MASK,
    /** Changes source images as much as the request says. */
    STRENGTH,
    /** Reports progress before an image is finished. */
    PROGRESS,
    /** Frees its device when a run is canceled; without it, a canceled run only stops waiting for the device. */
    CANCEL
}
