package io.atelier.avatarsample.provider;

/** An endpoint of the scripted provider. */
public enum ProviderEndpoint {

    /** OpenAI: an image from a prompt. */
    GENERATIONS("/v1/images/generations"),

    /** OpenAI: an image from other images and a prompt. */
    EDITS("/v1/images/edits"),

    /** Flowise: a run of a flow, whose id follows. */
    PREDICTIONS("/api/v1/prediction/");

    private final String path;

    ProviderEndpoint(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }
}
