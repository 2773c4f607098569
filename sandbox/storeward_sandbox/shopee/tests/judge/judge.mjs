// The npm client @congminh1254/shopee-sdk, unmodified but for its address, does a day's work for one shop.
// Standard input: {"base_url", "partner_id", "partner_key", "shop_id", "access_token", "refresh_token", "now"}.
// Standard output: one JSON object of what the client understood, by step; a step that threw has {"error", "status"}.
import { ShopeeSDK } from "@congminh1254/shopee-sdk";
import { readFileSync } from "node:fs";

const told = JSON.parse(readFileSync(0, "utf8"));
const found = {};
const sdk = new ShopeeSDK({
  partner_id: told.partner_id,
  partner_key: told.partner_key,
  shop_id: told.shop_id,
  base_url: `${told.base_url}/api/v2`,
});
await sdk.tokenStorage.store({
  access_token: told.access_token,
  refresh_token: told.refresh_token,
  shop_id: told.shop_id,
  expired_at: Date.now() + 3_600_000,
});

async function step(name, work) {
  try {
    found[name] = await work();
  } catch (error) {
    found[name] = { error: error.data?.error ?? String(error.message), status: error.status ?? 0 };
  }
  return found[name];
}

async function allOrders() {
  const rows = [];
  let cursor = "";
  for (;;) {
    const page = await sdk.order.getOrderList({
      time_range_field: "create_time",
      time_from: told.now - 15 * 86400,
      time_to: told.now,
      page_size: 7,
      cursor,
      response_optional_fields: "order_status",
    });
    rows.push(...page.response.order_list);
    cursor = page.response.next_cursor;
    if (!page.response.more) return rows;
  }
}

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

await step("shop", async () => {
  const shop = await sdk.shop.getShopInfo();
  return { name: shop.shop_name, region: shop.region };
});
await step("shops", async () => (await sdk.public.getShopsByPartner({ page_size: 100, page_no: 1 })).authed_shop_list.length);
const orders = await step("orders", allOrders);
await step("details", async () => {
  const answer = await sdk.order.getOrderDetail({
    order_sn_list: orders.slice(0, 5).map((row) => row.order_sn),
    response_optional_fields: ["item_list", "total_amount", "package_list", "buyer_username"],
  });
  return answer.response.order_list.map((row) => ({ sn: row.order_sn, total: row.total_amount, lines: row.item_list.length }));
});
const packages = await step("packages", async () => {
  const answer = await sdk.order.searchPackageList({ filter: { package_status: 2 }, pagination: { page_size: 50 } });
  return answer.response.packages_list.filter((row) => !row.is_shipment_arranged);
});
const waiting = orders.filter((row) => row.order_status === "READY_TO_SHIP").map((row) => row.order_sn);
const chosen = packages.find((row) => waiting.includes(row.order_sn));
await step("parameter", async () => {
  const answer = await sdk.logistics.getShippingParameter({ order_sn: chosen.order_sn });
  found.needed = Object.keys(answer.response.info_needed);
  return answer.response;
});
await step("ship", async () => {
  const address = found.parameter.pickup?.address_list?.[0];
  const pickup = address && { address_id: address.address_id, pickup_time_id: address.time_slot_list[0].pickup_time_id };
  const way = pickup ? { pickup } : found.needed.includes("dropoff") ? { dropoff: { sender_real_name: "Ana" } } : { non_integrated: { tracking_number: "OWN123" } };
  const answer = await sdk.logistics.shipOrder({ order_sn: chosen.order_sn, ...way });
  return { error: answer.error };
});
await step("ship_twice", () => sdk.logistics.shipOrder({ order_sn: chosen.order_sn, dropoff: {} }));
await wait(3.3);
const number = await step("tracking", async () => (await sdk.logistics.getTrackingNumber({ order_sn: chosen.order_sn })).response.tracking_number);
await step("create_label", async () => {
  const order_list = [{ order_sn: chosen.order_sn, tracking_number: number }];
  return (await sdk.logistics.createShippingDocument({ order_list })).response.result_list;
});
await wait(3.3);
await step("label", async () => {
  const order_list = [{ order_sn: chosen.order_sn }];
  const made = await sdk.logistics.getShippingDocumentResult({ order_list });
  const file = await sdk.logistics.downloadShippingDocument({ order_list });
  return { status: made.response.result_list[0].status, begins: file.subarray(0, 5).toString(), size: file.length };
});
const items = await step("items", async () => {
  const page = await sdk.product.getItemList({ offset: 0, page_size: 50, item_status: ["NORMAL", "UNLIST"] });
  return page.response.item.map((row) => row.item_id);
});
await step("base_info", async () => (await sdk.product.getItemBaseInfo({ item_id_list: items })).response.item_list.map((row) => row.has_model));
await step("models", async () => (await sdk.product.getModelList({ item_id: items[0] })).response.model.length);
await step("stock", async () => {
  const model = (await sdk.product.getModelList({ item_id: items[0] })).response.model[0];
  const location_id = model.stock_info_v2.seller_stock[0].location_id;
  const stock_list = [{ model_id: model.model_id, seller_stock: [{ location_id, stock: 77 }] }];
  return (await sdk.product.updateStock({ item_id: items[0], stock_list })).response.success_list[0].stock;
});
const comments = await step("comments", async () => (await sdk.product.getComment({ cursor: "", page_size: 50 })).response.item_comment_list);
await step("reply", async () => {
  const open = comments.find((row) => !row.comment_reply && !row.cmt_reply);
  const answer = await sdk.product.replyComment({ comment_list: [{ comment_id: open.comment_id, comment: "Thank you!" }] });
  return answer.response.result_list.length;
});
await step("returns", async () => Array.isArray((await sdk.returns.getReturnList({ page_no: 0, page_size: 40 })).response.return));
await step("wallet", async () => (await sdk.payment.getWalletTransactionList({ page_no: 0, page_size: 40 })).response.transaction_list.length);
await step("escrow", async () => {
  const window = { release_time_from: told.now - 15 * 86400, release_time_to: told.now };
  const row = (await sdk.payment.getEscrowList({ ...window, page_size: 10, page_no: 1 })).response.escrow_list[0];
  const detail = await sdk.payment.getEscrowDetail({ order_sn: row.order_sn });
  return [row.payout_amount, detail.response.order_income.escrow_amount];
});
await step("health", async () => (await sdk.accountHealth.getShopPerformance()).response.metric_list.length);
await step("points", async () => (await sdk.accountHealth.getPenaltyPointHistory({ page_no: 1, page_size: 10 })).response.total_count);
await step("push", async () => (await sdk.push.getAppPushConfig()).response.live_push_status);
await step("too_many", () => sdk.order.getOrderList({ time_range_field: "create_time", time_from: 0, time_to: told.now, page_size: 10 }));
await step("refresh", async () => {
  const token = await sdk.refreshToken(told.shop_id);
  return { changed: token.access_token !== told.access_token, works: (await sdk.shop.getShopInfo()).shop_name };
});
await step("spent", async () => {
  await sdk.tokenStorage.store({ access_token: "none", refresh_token: told.refresh_token, shop_id: told.shop_id });
  return sdk.refreshToken(told.shop_id);
});
console.log(JSON.stringify(found));
