using ExecutionPipeline.Execution.Venues;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>The cancels of all that rests at the venues, when a failure has ended trading.</summary>
internal static class LastCancels
{
    /// <summary>
    /// Asks every venue, and again those that it did not get to, whatever the others do. Returns what may go on
    /// resting, in one line; null: each was asked.
    /// </summary>
    /// <param name="gateways">In the order of their numbers.</param>
    /// <param name="timeNs">The last event's, in nanoseconds since the Unix epoch.</param>
    /// <param name="timeout">So long at most.</param>
    public static string? Send(IEnumerable<IVenueGateway> gateways, long timeNs, TimeSpan timeout)
    {
        Attempt[] attempts = [.. gateways.Select((gateway, number) => new Attempt(gateway, number))];
        SpinWait.SpinUntil(() => attempts.Count(one => !one.IsSent(timeNs)) == 0, timeout);
        var left = attempts.Where(static one => one.Problem is not null).ToArray();
        return left.Length == 0
            ? null
            : "what rests may not be cancelled: " + string.Join(", ", left.Select(static one => one.Problem));
    }

    private sealed class Attempt(IVenueGateway gateway, int number)
    {
        /// <summary>Why it is not sent; null: it is.</summary>
        public string? Problem { get; private set; } = "";

        public bool IsSent(long timeNs)
        {
            if (Problem is null)
                return true;

            try
            {
                Problem = gateway.TryCancelAll(timeNs) ? null : $"venue {number} was not reached";
            }
            catch (Exception problem)
            {
                Problem = $"venue {number}: {problem.Message}";
            }

            return Problem is null;
        }
    }
}
