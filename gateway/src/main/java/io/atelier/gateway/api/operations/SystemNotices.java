package io.atelier.gateway.api.operations;

import java.util.List;

/** What is wrong with the system at this moment, in sentences for people. */
public interface SystemNotices {

    /** The sentences; empty if nothing is known to be wrong. Returns at once. */
    List<String> current();

    /** Whether the disk has too little free space for new generations. Returns at once. */
    boolean isDiskLow();
}
