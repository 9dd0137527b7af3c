package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.PipelineException;

/** An image for a pipeline was not generated. If the pipeline passes it on, the response is that to the failure of the gateway. */
public final class ImageFailure extends PipelineException {

    private static final long serialVersionUID = 1L;

    private final transient RuntimeException failure;

    /** @param failure of the gateway */
    public ImageFailure(int status, String detail, RuntimeException failure) {
        super(status, detail, failure);
        this.failure = failure;
    }

    RuntimeException failure() {
        return failure;
    }
}
