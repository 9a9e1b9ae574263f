using System.Buffers.Binary;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Security;

/// <summary>Whoever asks, as claims, however it is known who that is.</summary>
internal static class Caller
{
    private const string OperatorClaim = "operator";
    private const string UntilClaim = "until";
    private const string RefusalItem = "refusal";
    private const string HoldItem = "hold";

    /// <param name="scheme">How it is known who asks.</param>
    /// <param name="name">What whoever asks is called.</param>
    /// <param name="roles">At least one.</param>
    /// <param name="operatorId">The number in the pipeline's audit trail.</param>
    /// <param name="until">How long that holds; null: there is no end.</param>
    public static ClaimsPrincipal Of(
        string scheme, string name, IEnumerable<Role> roles, uint operatorId, DateTime? until = null)
    {
        List<Claim> claims =
        [
            new Claim(ClaimTypes.Name, name),
            .. roles.Select(static role => new Claim(ClaimTypes.Role, Json.NameOf(role))),
            new Claim(OperatorClaim, operatorId.ToString(CultureInfo.InvariantCulture)),
        ];
        if (until is { } end)
            claims.Add(new Claim(UntilClaim, end.Ticks.ToString(CultureInfo.InvariantCulture)));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>
    /// A number for somebody who has no key: from 2^31 on, the same for the same name always, while those of keys count
    /// from 1 on.
    /// </summary>
    public static uint OperatorIdOf(string name) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) | 0x8000_0000;

    /// <summary>The number of whoever asks; 0: nobody who is known.</summary>
    public static uint OperatorOf(ClaimsPrincipal user) =>
        uint.TryParse(user.FindFirstValue(OperatorClaim), CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>What whoever asks may be, in words; empty: nobody who is known.</summary>
    public static string RolesOf(ClaimsPrincipal user) =>
        string.Join(", ", user.FindAll(ClaimTypes.Role).Select(static claim => claim.Value));

    /// <summary>When what lets the caller in ends; null: it does not.</summary>
    public static DateTime? UntilOf(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(UntilClaim), CultureInfo.InvariantCulture, out var ticks)
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null;

    /// <summary>Notes how to learn whether what let the caller in still does.</summary>
    public static void Hold(HttpContext context, Func<bool> isLetIn) => context.Items[HoldItem] = isLetIn;

    /// <summary>Whether the caller would be let in again: key or session may have gone since.</summary>
    public static bool IsStillLetIn(HttpContext context) => context.Items[HoldItem] is not Func<bool> ask || ask();

    /// <summary>Notes why somebody is not known, for the answer.</summary>
    public static void Refuse(HttpContext context, string reason) => context.Items[RefusalItem] = reason;

    /// <summary>What <see cref="Refuse"/> has noted; null: nothing.</summary>
    public static string? RefusalOf(HttpContext context) => context.Items[RefusalItem] as string;
}
