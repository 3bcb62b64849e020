package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

func (a *API) registerWishes(api huma.API) {
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/wishes/", "shop-wishes", tag, "List my wishes", web.Login()), a.listWishes)
	huma.Register(api, web.Op(http.MethodPost, "/api/shop/products/{id}/wishes/", "shop-wish", tag, "Toggle my wish for a size", web.Login(), web.Errors(404),
		web.Describe("201 when the wish was created, 200 when it was deleted or changed. `value` sets it instead of toggling; `target_price` sets a price alert.")), a.setWish)
}

func (a *API) listWishes(ctx context.Context, in *struct{ web.PageInput }) (*pageOf[wishBody], error) {
	return listPage(ctx, &in.PageInput, a.shop.MyWishes, func(p shop.Placed[shop.Wish]) wishBody { return a.toWish(ctx, p) })
}

type wishInput struct {
	IDInput
	Body *struct {
		TargetPrice *int64 `json:"target_price,omitempty" doc:"Tell me when it can be had for this." example:"120000"`
		ClearTarget bool   `json:"clear_target,omitempty" doc:"Wait for no price any more."`
		Value       *bool  `json:"value,omitempty"`
	}
}

type messageBody struct {
	Message string `json:"message" example:"WISHLIST_CREATE_SUCCESS"`
}

func (a *API) setWish(ctx context.Context, in *wishInput) (*statusReply[messageBody], error) {
	change := shop.WishChange{ProductID: in.ID}
	if in.Body != nil {
		change.TargetPrice, change.ClearTarget, change.Value = in.Body.TargetPrice, in.Body.ClearTarget, in.Body.Value
	}
	on, made, err := a.shop.SetWish(ctx, change)
	if err != nil {
		return nil, err
	}
	out := &statusReply[messageBody]{Status: http.StatusOK, Body: messageBody{"WISHLIST_UPDATE_SUCCESS"}}
	switch {
	case made:
		out.Status, out.Body.Message = http.StatusCreated, "WISHLIST_CREATE_SUCCESS"
	case !on:
		out.Body.Message = "WISHLIST_DELETE_SUCCESS"
	}
	return out, nil
}
