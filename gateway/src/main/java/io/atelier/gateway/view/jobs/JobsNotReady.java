package io.atelier.gateway.view.jobs;

/** The view has not caught up with the topic yet, so it cannot tell an unknown job from one it has not read. Ask again soon. */
public final class JobsNotReady extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String MESSAGE = "The view of jobs is still catching up.";

    public JobsNotReady() {
        super(MESSAGE);
    }

    /** Says why. */
    public JobsNotReady(Throwable cause) {
        super(MESSAGE, cause);
    }
}
