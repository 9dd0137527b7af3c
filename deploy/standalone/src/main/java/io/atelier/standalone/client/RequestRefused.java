package io.atelier.standalone.client;

/** The gateway refused the request with an error response. */
public final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ProblemResponse problem;

    RequestRefused(ProblemResponse problem) {
        super(problem.describe());
        this.problem = problem;
    }

    /** The same refusal, of a file that the user named. */
    public RequestRefused ofFile(String name) {
        return new RequestRefused(problem.ofFile(name));
    }

    public ProblemResponse problem() {
        return problem;
    }
}
