package io.atelier.worker.presence;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The default id of a worker. */
public final class WorkerId {

    private WorkerId() {}

    /** The kind, the host's name and the process id, such as {@code splitter-host1-4711}: unique as long as the process lives. */
    public static String ofThisProcess(String kind) {
        return kind + "-" + hostName() + "-" + ProcessHandle.current().pid();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (UnknownHostException e) {
            // A host without a resolvable name can still run a worker.
            return "unnamed";
        }
    }
}
