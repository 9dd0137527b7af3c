package io.atelier.gateway.lifecycle;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.JobState.Existing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the world is told of one state: the job as it now stands, the event of its version, and the orders that are due. A function of the
 * job's states alone, so that telling it again tells the same.
 *
 * @param eventId the CloudEvents id: the same for every repetition
 * @param stop tells the workers that nobody wants the job any more, where no client has told them
 */
record Announcement(
        Job job,
        GenerationEvent event,
        String eventId,
        Optional<GenerationRequested> generate,
        Optional<SplitRequested> split,
        Optional<CancelRequested> stop) {

    /** @param states all states of a job, from the first one to the one that is to be told */
    static Announcement of(List<? extends Existing> states) {
        var state = states.get(states.size() - 1);
        var steps = new ArrayList<Job.Step>();
        states.forEach(each -> steps.add(Snapshot.step(each)));
        var job = Snapshot.of(state, steps);
        return new Announcement(
                job,
                PublicEvent.of(state).event(state, job),
                eventId(state, job),
                NextTasks.generate(state),
                NextTasks.split(state),
                NextTasks.stop(state));
    }

    /** A UUID of version 7 whose time is the event's and whose other bits come from the job and its version: no chance, so no second id. */
    private static String eventId(Existing state, Job job) {
        return Sha256.of(job.id() + "/" + job.version()).uuidAt(state.since()).toString();
    }
}
