package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.util.List;

/** Decides which tasks a job has. Pure: a request has the same tasks at any time, also once it is redacted. */
@FunctionalInterface
interface TaskPlan {

    /** The name of the first task of a job, unless another request had the same id. */
    String GENERATE = "generate";

    /** The name of the task that cuts grids, unless the client's request asks for nothing else. */
    String SPLIT = "split";

    /** The name of the submission of an avatar. No task has it, because no worker leases the submission. */
    String AVATAR = "avatar";

    /**
     * The tasks of a job, each after those that it needs. The first one needs none. It has the name of the submission, unless no worker leases the
     * submission: if it is for generator workers, they lease the submission itself.
     */
    List<PlannedTask> tasks(GenerationRequested submission);

    /** The plan of all requests: images are generated, and cut if they are grids; or grids that exist are cut; or an avatar is made. */
    static TaskPlan ofRequests() {
        return submission -> {
            var request = submission.request();
            if (request.avatar() != null) {
                return AvatarPlan.tasks(request, request.avatar());
            }
            if (request.splitsOnly()) {
                return List.of(new PlannedTask(submission.task(), Kind.SPLIT, List.of(), request));
            }
            var generate = new PlannedTask(submission.task(), Kind.GENERATE, List.of(), request);
            return request.grid() == null
                    ? List.of(generate)
                    : List.of(generate, new PlannedTask(SPLIT, Kind.SPLIT, List.of(generate.name()), request));
        };
    }

    /** The name of the submission of a request, unless another request had the same id. */
    static String nameOf(GenerationRequest request) {
        if (request.avatar() != null) {
            return AVATAR;
        }
        return request.splitsOnly() ? SPLIT : GENERATE;
    }
}
