package io.atelier.benchmark.system;

import io.atelier.embedded.LoopbackPorts;

/** Three ports of this machine that are currently free. */
record FreePorts(int http, int kafka, int s3) {

    static FreePorts find() {
        return new FreePorts(LoopbackPorts.freePort(), LoopbackPorts.freePort(), LoopbackPorts.freePort());
    }
}
