package io.atelier.standalone.console;

/** Exit codes of the command. */
public enum ExitCode {
    OK(0, "done"),
    JOB_FAILED(1, "the job failed, was canceled or expired"),
    REFUSED(2, "wrong usage, or the system refused the request, such as one for a model without an API key"),
    NOT_RUNNING(3, "no system could be reached, started or built, or it failed to answer"),
    TIMED_OUT(
            4,
            "the time of --timeout is over; a job that was accepted goes on; down: a process did not stop within 60 s"),
    UNWRITABLE(5, "the image file or standard output cannot be written"),
    BROKEN(70, "internal error of the command");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** The text for the list of exit codes in {@code --help}. */
    public String meaning() {
        return meaning;
    }
}
