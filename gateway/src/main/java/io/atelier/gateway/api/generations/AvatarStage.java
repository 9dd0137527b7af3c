package io.atelier.gateway.api.generations;

/** The names of the stages of an avatar, as constants for the OpenAPI document. */
public final class AvatarStage {

    /** The job waits for its turn in a batch. */
    public static final String HELD = "held";

    public static final String PROMPTING = "prompting";
    public static final String BASE = "drawing-base";
    public static final String GRIDS = "drawing-grids";

    /** Also a stage of other jobs with grids. */
    public static final String SPLITTING = "splitting";

    public static final String PUBLISHING = "publishing";

    private AvatarStage() {}
}
