package io.atelier.gateway.view.jobs;

/** Thrown while the view has not caught up with its topic and so cannot distinguish an unknown job from one that it has not read. Retry soon. */
public final class JobsNotReady extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String MESSAGE = "The view of jobs is still catching up.";

    public JobsNotReady() {
        super(MESSAGE);
    }

    /** @param cause why the view has not caught up */
    public JobsNotReady(Throwable cause) {
        super(MESSAGE, cause);
    }
}
