package io.atelier.gateway.faces.intel;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.workers.RegisteredWorker;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The devices that live workers announce, and the pools in which they are. A task that requires a device is leased only by workers that have it; of
 * workers that lease no such tasks, because their version is older, those of different devices belong in pools of their own. A model at a provider has
 * only the device {@code REMOTE}, which cannot be selected by name.
 * Thread-safe.
 */
final class IntelDevices {

    private static final String AUTO = "AUTO";
    private static final String CPU = "CPU";
    private static final String GPU = "GPU";
    private static final String FIRST_GPU = "GPU.0";
    private static final String REMOTE = "REMOTE";
    private static final Pattern NAME = Pattern.compile("|AUTO|CPU|GPU(\\.\\d{1,3})?");
    private static final Pattern ANY_GPU = Pattern.compile("GPU(\\.\\d{1,3})?");

    private final WorkerRegistry workers;

    IntelDevices(WorkerRegistry workers) {
        this.workers = workers;
    }

    /**
     * A device with the model.
     *
     * @param device as the client named it, in upper case; as its worker announces it if the client left the choice open
     * @param pool of its workers
     * @param required the device that a task has to require; null if all tasks of the pool go there, or if the client left the choice open
     */
    record Placement(String device, String pool, @Nullable DeviceName required) {}

    /** The name in upper case; empty if no device can have it. */
    static Optional<String> name(String requested) {
        var name = requested.toUpperCase(Locale.ROOT);
        return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    }

    /**
     * Where live workers have the model on the device.
     *
     * @param device in upper case; null, empty or {@code AUTO} for a GPU, else the CPU, else any
     */
    Optional<Placement> find(Model model, @Nullable String device) {
        var all = placements(model);
        if (device == null || device.isEmpty() || device.equals(AUTO)) {
            return all.stream()
                    .min(Comparator.comparing(placement -> rank(placement.device())))
                    .map(placement -> new Placement(placement.device(), placement.pool(), null));
        }
        return all.stream()
                .filter(placement -> isMatch(device, placement.device()))
                .findFirst()
                .map(placement -> new Placement(
                        device,
                        placement.pool(),
                        placement.required() == null
                                ? null
                                : DeviceName.parse(device).orElse(placement.required())));
    }

    private static int rank(String device) {
        if (ANY_GPU.matcher(device).matches()) {
            return 0;
        }
        return device.equals(CPU) ? 1 : 2;
    }

    private static boolean isMatch(String wanted, String announced) {
        if (wanted.equals(GPU)) {
            return ANY_GPU.matcher(announced).matches();
        }
        return wanted.equals(announced) || (wanted.equals(FIRST_GPU) && announced.equals(GPU));
    }

    /** The devices of live workers, those in the model's own pool first. */
    private List<Placement> placements(Model model) {
        var able = workers.live().stream()
                .filter(worker -> worker.announcement().kind().equals(WorkerAnnounced.GENERATOR))
                .filter(worker -> worker.announcement().engines().contains(model.engine()))
                .toList();
        // Every worker lists all its engines. Those of a provider are used from the pool of the model only.
        boolean isRemote = able.stream().anyMatch(worker -> isOf(model.pool(), worker) && isRemote(worker));
        return able.stream()
                .filter(worker -> isRemote ? isOf(model.pool(), worker) : !isRemote(worker))
                .flatMap(worker -> placements(worker, model.engine()))
                .distinct()
                .sorted(Comparator.<Placement, Boolean>comparing(
                                placement -> !placement.pool().equals(model.pool()))
                        .thenComparing(Placement::device)
                        .thenComparing(placement -> placement.required() == null)
                        .thenComparing(Placement::pool))
                .toList();
    }

    private static Stream<Placement> placements(RegisteredWorker worker, String engine) {
        var pool = worker.announcement().pool();
        var devices = worker.devices(engine);
        return devices.isEmpty()
                ? Stream.of(new Placement(worker.announcement().device().toUpperCase(Locale.ROOT), pool, null))
                : devices.stream()
                        .map(device -> new Placement(
                                device.toUpperCase(Locale.ROOT),
                                pool,
                                DeviceName.parse(device).orElse(null)));
    }

    private static boolean isOf(String pool, RegisteredWorker worker) {
        return worker.announcement().pool().equals(pool);
    }

    private static boolean isRemote(RegisteredWorker worker) {
        return worker.announcement().device().equalsIgnoreCase(REMOTE);
    }
}
