package io.atelier.standalone.console;

/** How the command ends, as scripts see it. */
public enum ExitCode {
    OK(0, "done"),
    JOB_FAILED(1, "the job failed, was canceled or expired"),
    REFUSED(2, "wrong usage, or the system refused the request"),
    NOT_RUNNING(3, "no system could be reached, started or built, or it failed to answer"),
    TIMED_OUT(4, "the time given with --timeout is over; the job goes on"),
    UNWRITABLE(5, "the picture's file cannot be written"),
    BROKEN(70, "a fault of the command itself");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** The meaning, for the help text. */
    public String meaning() {
        return meaning;
    }
}
