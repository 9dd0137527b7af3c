package io.atelier.gateway.faces.hayhooks;

/** What a path of the face runs. */
sealed interface FacePipeline permits ImagePipeline, CodePipeline {

    /** The first part of the path. */
    String name();

    /** One line, for the OpenAPI document. */
    String description();
}
