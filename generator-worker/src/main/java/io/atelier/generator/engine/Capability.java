package io.atelier.generator.engine;

/** What an engine can be told, and what it can do. What it cannot be told it passes over, and its pictures say so. */
public enum Capability {
    /** Draws the size that it is asked for. */
    SIZE,
    /** Draws by a seed: the same request gives the same picture, another seed another one. */
    SEED,
    STEPS,
    GUIDANCE,
    NEGATIVE_PROMPT,
    /** Changes pictures that it is given. */
    EDIT,
    /** Tells how far it is while it draws. */
    PROGRESS,
    /** Frees its device when it is told to stop; others only stop waiting for it. */
    CANCEL
}
