package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.SharedBroker;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeviceLeaseIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final DeviceName CPU = new DeviceName("cpu");
    private static final DeviceName GPU = new DeviceName("gpu");

    private final LeaseHarness harness = new LeaseHarness(SharedBroker.bootstrapServers());

    @AfterEach
    void close() {
        harness.close();
    }

    @DisplayName("A task that requires a device is in a queue that only workers with such a device lease from")
    @Test
    void taskIsLeasedByWorkersWithItsDevice() {
        var ofCpu = new CopyOnWriteArrayList<String>();
        var ofGpu = new CopyOnWriteArrayList<String>();
        var ofAll = new CopyOnWriteArrayList<String>();
        for (int i = 0; i < 5; i++) {
            harness.publish("gpu-" + i, new DeviceName("gpu.1"));
            harness.publish("cpu-" + i, CPU);
            harness.publish("any-" + i);
        }

        harness.worker(1, lease -> accepted(lease, ofAll));
        harness.worker(1, CPU, lease -> accepted(lease, ofCpu));
        harness.worker(2, GPU, lease -> accepted(lease, ofGpu));

        await().atMost(TIMEOUT).until(() -> ofCpu.size() + ofGpu.size() + ofAll.size() == 15);
        assertThat(ofGpu).containsExactlyInAnyOrder("gpu-0", "gpu-1", "gpu-2", "gpu-3", "gpu-4");
        assertThat(ofCpu).containsExactlyInAnyOrder("cpu-0", "cpu-1", "cpu-2", "cpu-3", "cpu-4");
        assertThat(ofAll).containsExactlyInAnyOrder("any-0", "any-1", "any-2", "any-3", "any-4");
    }

    private static Disposition accepted(Lease<GenerationRequested> lease, List<String> tasks) {
        tasks.add(lease.task().task());
        return Disposition.ACCEPT;
    }
}
