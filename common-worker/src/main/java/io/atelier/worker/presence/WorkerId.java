package io.atelier.worker.presence;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How a worker that was given no name calls itself. */
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
            // A host that does not know its own name is still a host.
            return "unnamed";
        }
    }
}
