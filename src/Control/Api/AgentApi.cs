using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>GET /agents: how the three agents do by what became of their decisions, and what should be done.</summary>
internal sealed class AgentApi(AgentDesk agents)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/agents", Report)
        .RequireAuthorization(Access.Look)
        .WithSummary("Accuracy, reward and choices of the agents' last 1,000 decisions, with recommendations.");

    private IResult Report()
    {
        var performances = agents.Performances;
        return Results.Json(
            new
            {
                Timestamp = MessageJson.TimeOf(DateTime.UtcNow),
                Decisions = performances.ToDictionary(static one => one.Agent, static one => one.Decisions),
                AgentAccuracy = performances.ToDictionary(static one => one.Agent, static one => one.Accuracy),
                AgentRewards = performances.ToDictionary(static one => one.Agent, static one => one.Reward),
                DecisionPatterns = performances.ToDictionary(static one => one.Agent, static one => one.Patterns),
                ImprovementRecommendations = agents.Recommendations.Select(static one => new
                {
                    one.Agent,
                    one.Issue,
                    CurrentAccuracy = one.Issue == "low_accuracy" ? one.Current : (double?)null,
                    CurrentReward = one.Issue == "low_reward" ? one.Current : (double?)null,
                    one.Recommendation,
                }),
            },
            Json.Options);
    }
}
