package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.pipelines.HostedPipeline;

/** A pipeline in Java, of a jar or of this gateway. */
record CodePipeline(HostedPipeline hosted) implements FacePipeline {

    @Override
    public String name() {
        return hosted.declaration().name();
    }

    @Override
    public String description() {
        return hosted.declaration().description();
    }
}
