package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.Pipeline;

/** A pipeline in Java that the gateway can run. Thread-safe. */
public final class HostedPipeline {

    private final Pipeline code;
    private final PipelineDeclaration declaration;
    private final PipelineUses uses;

    HostedPipeline(Pipeline code, PipelineDeclaration declaration, PipelineUses uses) {
        this.code = code;
        this.declaration = declaration;
        this.uses = uses;
    }

    /** A pipeline of the gateway's own code, which is never closed. */
    public static HostedPipeline of(Pipeline code) {
        return new HostedPipeline(code, PipelineDeclaration.of(code), new PipelineUses(() -> {}));
    }

    public PipelineDeclaration declaration() {
        return declaration;
    }

    /** Begins a use, which {@link #release} ends; false if the code was removed and is closed. */
    public boolean acquire() {
        return uses.acquire();
    }

    public void release() {
        uses.release();
    }

    Pipeline code() {
        return code;
    }
}
